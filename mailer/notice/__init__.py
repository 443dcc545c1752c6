"""Every date sum of the product: calendars, rules of notice, counting, verdicts, timelines.

Pure: nothing here reads a clock, a file or a database, and nothing of the package is
imported but `mailer.errors`. `today`, the firm's extra closings and the text of a vector
file are arguments. Days are `datetime.date`; both named ends of a range are stated by each
function. Not legal advice: the product says "confirm with counsel" wherever it prints a date.
"""
