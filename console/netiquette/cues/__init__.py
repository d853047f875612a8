"""Cues: phrases, signals and the scores that combine them into evidence, all read from YAML.

A file of resources/lexicon with a `cues` and a `scores` key is a *topic*:

    cues:                      # name → wordings, one a line
      offer: |
        soumission{|s} gratuite{|s}
        financ*
        communiquez .. avec moi
        depuis # ans
    scores:
      - rule: advertising      # or route: question
        weight: 2.5            # log-odds, may be negative
        when: [offer, contact|@phone]     # all of them; | is «or»; @ is a signal; topic.cue of others
        unless: [city_service]
        within: message        # or sentence
        reason: advertising.offer         # key in resources/explanations.yaml
        spans: [offer]         # which cues are shown; all of `when` if left out
        more: 0.3              # for each further hit of the first cue, three at most

A wording goes on over several lines until its braces are closed. In it `{a|b}` are alternatives (groups may
nest), a star leaves the end or the beginning of a word open, ` .. ` stands for up to three words, `#` for a
number.
"""
