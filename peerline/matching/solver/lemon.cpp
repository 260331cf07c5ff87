// The same graph, solved by LEMON (Debian: liblemon-dev), for the bench only. Input on stdin, in 64-bit words: n, m, then
// u, v, weight of each edge. Prints the pairs, the value and the processor seconds with and without building the graph.
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <vector>
#include <lemon/matching.h>
#include <lemon/smart_graph.h>

static double now() { return double(std::clock()) / CLOCKS_PER_SEC; }

// LEMON counts weight only: one more pair must outweigh all weight there is.
static int64_t bonus(const std::vector<int64_t>& words, int64_t n) {
    int64_t most = 1;
    for (size_t i = 4; i < words.size(); i += 3) most = std::max(most, std::abs(words[i]));
    return (n / 2 + 1) * 2 * most;
}

int main(int argc, char**) {
    std::vector<int64_t> words;
    int64_t buffer[3 * 4096];
    for (size_t got; (got = std::fread(buffer, 8, 3 * 4096, stdin)) > 0;) words.insert(words.end(), buffer, buffer + got);
    const int64_t n = words[0], m = words[1];
    const int64_t extra = argc > 1 ? 0 : bonus(words, n);
    const double began = now();
    lemon::SmartGraph graph;
    graph.reserveNode(n);
    graph.reserveEdge(m);
    for (int64_t v = 0; v < n; ++v) graph.addNode();
    lemon::SmartGraph::EdgeMap<int64_t> weight(graph);
    for (int64_t e = 0; e < m; ++e) {
        const int64_t* edge = &words[2 + 3 * e];
        weight[graph.addEdge(graph.nodeFromId(edge[0]), graph.nodeFromId(edge[1]))] = edge[2] + extra;
    }
    const double built = now();
    int64_t pairs = 0, value = 0;
    if (argc > 1) {  // any argument: everybody can be matched, use the solver that knows it
        lemon::MaxWeightedPerfectMatching<lemon::SmartGraph, lemon::SmartGraph::EdgeMap<int64_t>> best(graph, weight);
        if (best.run()) pairs = n / 2, value = best.matchingWeight();
    } else {
        lemon::MaxWeightedMatching<lemon::SmartGraph, lemon::SmartGraph::EdgeMap<int64_t>> best(graph, weight);
        best.run();
        pairs = best.matchingSize();
        value = best.matchingWeight() - pairs * extra;
    }
    std::printf("%lld %lld %.6f %.6f\n", (long long)pairs, (long long)value, now() - began, now() - built);
}
