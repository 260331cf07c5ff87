"""Action plans: one small step a person chooses for the next two weeks, and how it went.

A plan says what, how much, when, how often, what could get in the way, who or what could support, and how sure the
person is (0 to 10). Nothing in it is ever changed or deleted: each change is a new version, a review is a row of its
own, and keeping on for two more weeks is a new plan. A person has one draft and one active plan a program at most.
The words are sealed. A partner sees the step only, and only while its owner shares it.
Doors: the website, the telephone by keys and voice, a workbook on paper that staff type in.
"""
