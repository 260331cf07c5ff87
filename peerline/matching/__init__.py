"""Matching: who suits whom, the best for everybody, and why. People in, pairs out; no table, no page, no clock.

A cohort is a group of people as arrays of whole numbers. Hard rules say who may be paired at all; weights say what a
program prefers, and become points once, by one kernel, so that no two places ever disagree by a point. The best
partition of the whole cohort is proven: a bound no other partition can pass comes with it. Weights are a program's
choice, never science: the evidence for any of them is weak, and every page says so.
"""
