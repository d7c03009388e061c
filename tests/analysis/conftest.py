"""One small synthetic city under the law and under reforms with winners and losers."""

import pytest

import olive


@pytest.fixture(scope="session")
def city_result():
    city = olive.Population.synthetic(households=500, seed=1)
    law = olive.law(year=2023)
    give = law | olive.Reform({"dibao_standard": 40_000})
    both = give | olive.Reform({"basic_deduction": 30_000})
    return olive.simulate(city, [law.renamed("law"), give.renamed("give"), both.renamed("both")])
