"""The questions in SQL, for the engines that speak it."""


def statement(question: dict, source: str, dialect: dict[str, str]) -> str:
    """What is counted comes as `registrations`.

    `dialect` has, with places for what differs: `minute` of a time, `percentiles`, `distinct`, and `time` for a number of
    microseconds since 1970.
    """
    ask = question["ask"]
    if ask == "byRegion":
        return f"SELECT region, count(*) AS registrations FROM {source} GROUP BY region"
    if ask == "byRegionAndMinute":
        minute = dialect["minute"]
        return f"SELECT region, {minute} AS minute, count(*) AS registrations FROM {source} GROUP BY region, minute"
    if ask == "inAnHour":
        since, until = (dialect["time"].format(question[key]) for key in ("sinceUs", "untilUs"))
        return f"""SELECT region, country, platform, count(*) AS registrations FROM {source}
            WHERE registered_at >= {since} AND registered_at < {until} GROUP BY region, country, platform"""
    if ask == "percentiles":
        return f"SELECT region, {dialect['percentiles']}, count(*) AS registrations FROM {source} GROUP BY region"
    if ask == "distinct":
        return f"SELECT {dialect['distinct']} AS registrations FROM {source}"
    if ask == "slow":
        return f"SELECT count(*) AS registrations FROM {source} WHERE latency_us > {question['aboveUs']}"
    if ask == "identityRange":
        low, high = question["identities"]
        return f"SELECT count(*) AS registrations FROM {source} WHERE identity BETWEEN {low} AND {high}"
    if ask == "lookUp":
        numbers = ", ".join(map(str, question["identities"]))
        return f"SELECT * FROM {source} WHERE identity IN ({numbers})"
    raise ValueError(f"no such question: {ask}")
