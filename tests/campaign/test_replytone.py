"""What must not be written under a complaint, and what may."""

from __future__ import annotations

import pytest

from mailer.campaign.replytone import for_counsel, lacking_in_reply, naming, tone_findings

FLAGGED = """\
That is simply not true.
Actually, we answered within the hour.
In fact our technician was at your door at nine.
We respectfully disagree with this review.
We must dispute what is written here.
We never promised a visit on Saturday.
This review is misleading.
It is unfair to our team.
You should have called our emergency line.
You failed to tell us that the office had moved.
You forgot to renew the license.
It was a misunderstanding, and your own mistake.
Had you only called us, this would not have happened.
We are sorry if you feel that way.
We apologize if anyone was offended.
Mistakes were made.
We regret any inconvenience this may have caused.
We were unusually busy that week.
We are short-staffed at the moment.
Our policy clearly excludes weekends.
None of our other clients has this problem.
Please calm down and call us.
Our former employee handled this badly.
The technician has been let go.
Our attorney will be in touch.
We will take legal action against false claims.
Your invoice has been unpaid since spring.
We represented you before a judge who saw it otherwise.
Your case was hard, and the settlement was good.
The custody hearing went badly because you were late.
You still owe us a balance.
Some clients can never be pleased.
Nobody here tells the whole story.
The invoice was correct and was explained twice.
As a client since 2019 you know our hours.
We offer you a refund of $200.
Please remove your review and we will talk!!
""".splitlines()

PASSING = """\
Thank you for saying this openly.
Thank you for taking the time to write.
You should not have had to wait, and I am sorry.
We let you down, and it is on us.
You are right, and we own it.
I am sorry for the evening that this cost you.
This should not have happened.
We were late, and we said nothing; both were ours.
I would like to hear the whole of it from you.
I want to understand what went wrong.
Please call me, Dana Whitcomb, at 916-555-0142.
I am told at once when it is you.
I will call you on Thursday.
May I call you this week?
We have changed how we answer at night.
A second person now looks at every message.
We are looking into it today.
I have read this twice and spoken with everyone involved.
It matters to us how people find us.
We hear you.
What you describe is not how we want to work.
Please ask for me when you call.
I do not want to answer for others before I have heard from you.
We owe you an apology, and here it is.
I will look at everything that we wrote to you.
It was our work, and our work was not good enough.
I will not rest before this is settled.
Thank you for your patience, and for your trust until now.
You were let down, and that is on us.
You heard nothing from us for a week.
We would be glad of the chance to put it right.
I am the managing partner, and this is mine to put right.
Thank you also for naming what went well.
We are grateful for the plain words.
I am sorry that we were hard to reach.
You will hear from me before the day is over.
Thank you. You should have had better from us, and I am sorry. Please call me, Dana Whitcomb, at 916-555-0142.
""".splitlines()


def test_there_are_as_many_of_each() -> None:
    assert (len(FLAGGED), len(PASSING)) == (37, 37)


@pytest.mark.parametrize("sentence", FLAGGED)
def test_this_goes(sentence: str) -> None:
    assert tone_findings(sentence, public=True)


@pytest.mark.parametrize("sentence", PASSING)
def test_this_stays(sentence: str) -> None:
    assert tone_findings(sentence, public=True) == ()


def test_the_client_is_not_named() -> None:
    known, ours = (
        ("Kessler Holdings LLC", "Dan Kessler", "dan@kessler.example"),
        ("Aspen & Vale Law", "Ruth Vale"),
    )
    for said, words in (
        ("Thank you, Dan. Call Ruth Vale.", "Dan"),
        ("Thank you, Mr. Kessler.", "Kessler"),
        ("Kessler Holdings LLC wrote to us.", "Kessler Holdings LLC"),
        ("thank you, dan  kessler", "dan  kessler"),
        ("Write to DAN@Kessler.example.", "DAN@Kessler.example"),
    ):
        assert [one.words for one in naming(said, known, ours)] == [words]
    assert naming("Thank you. Call Ruth Vale at Aspen & Vale Law.", (*known, "Vale Street Law"), ours) == ()
    assert naming("Danger is past.", known, ours) == ()


def test_a_letter_may_speak_of_what_only_the_client_knows() -> None:
    said = "We refund your invoice of $120."
    assert tone_findings(said, public=False) == ()
    assert [one.words for one in tone_findings(said, public=True)] == ["refund", "your invoice", "$120"]


def test_a_reply_is_short_thanks_and_says_whom_to_call() -> None:
    assert lacking_in_reply(PASSING[-1], "916-555-0142") == ()
    assert lacking_in_reply("Sorry. " * 100, "916-555-0142") == (
        "thanks for the words",
        "names whom to call, with 916-555-0142",
        "is short: 90 words at most, not 100",
    )


def test_what_an_attorney_should_read() -> None:
    assert for_counsel("I am calling the state bar. It is malpractice.") == ("state bar", "malpractice")
    assert for_counsel("My lawyer says that this is a breach.", "Nobody was injured.") == (
        "lawyer",
        "breach",
        "injured",
    )
    assert for_counsel("The printer does not print.") == ()
