"""A pack of tariffs for the tests of money."""

from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

PACK = """
tariffs:
  - id: test-tou
    title: {zh: 试, en: Test}
    cites: {instrument: demo-tariffs, clause: 电价}
    measure: electricity_import_kwh
    unit: CNY/kWh
    trust: invented
    parts:
      - {name: energy, price: 0.5, by_period: true}
      - {name: funds, price: 0.1, adjusted: false}
    ratios: {peak: 1.5, flat: 1, valley: 0.4}
    windows:
      - months: [6, 7, 8]
        hours: {peak: ["17:00-22:00"], flat: ["22:00-09:00"], valley: ["09:00-17:00"]}
      - months: [1, 2, 3, 4, 5, 9, 10, 11, 12]
        days: [working]
        hours: {peak: ["08:30-11:30"], flat: ["07:00-08:30", "11:30-23:00"], valley: ["23:00-07:00"]}
      - months: [1, 2, 3, 4, 5, 9, 10, 11, 12]
        days: [weekend, holiday]
        hours: {flat: ["07:00-23:00"], valley: ["23:00-07:00"]}
    capacity: {cny_per_kva: 28, cny_per_kw: 42, tolerance: 1.05, excess_times: 2}
    power_factor_table: power-factor-0.90
  - id: test-agent
    title: {zh: 试, en: Test}
    cites: {instrument: demo-tariffs, clause: 电价}
    measure: electricity_import_kwh
    unit: CNY/kWh
    trust: invented
    agent: {region: test, voltage: 10kv}
    parts: [{name: energy, agent: true}, {name: transmission, price: 0.2}]
  - id: test-gas
    title: {zh: 试, en: Test}
    cites: {instrument: demo-tariffs, clause: 水气热油}
    measure: gas_m3
    unit: CNY/m³
    trust: invented
    effective_from: 2023-01-01
    effective_until: 2024-06-01
    parts: [{name: energy, price: 3.0}]
  - id: test-gas
    title: {zh: 试, en: Test}
    cites: {instrument: demo-tariffs, clause: 水气热油}
    measure: gas_m3
    unit: CNY/m³
    trust: invented
    effective_from: 2024-06-01
    parts: [{name: energy, price: 3.3}]
agent_prices:
  - region: test
    voltage: 10kv
    cites: {instrument: demo-tariffs, clause: 电价}
    trust: invented
    months: {2024-01: 0.41}
"""
