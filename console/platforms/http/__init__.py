"""Calls to platforms: one client with time-outs, retries only where they do no harm, and a pace.

`client.Api` is what a connector uses; `manners.Manners` is what a platform says of itself (how a call
is proved, what an answer means, how much of its allowance is used). Limits of rate are learnt from the
answers, as metabrainz/picard does it (`picard/webservice/ratecontrol.py`).
"""
