"""People, households and dwellings, each with its source. Masked wherever it is shown; a look behind the mask needs a
reason and is recorded. (The reader of ugly sheets and the joining of records come later; this is the frame.)
"""
