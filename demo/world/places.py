"""Where the demo world's buyers live: province, city, district and postal code."""

_PLACES = """
31 3174 Kebayoran Baru 12110
31 3174 Tebet 12810
31 3175 Duren Sawit 13440
31 3173 Kembangan 11610
31 3172 Kelapa Gading 14240
31 3171 Menteng 10310
32 3273 Coblong 40132
32 3273 Lengkong 40261
32 3275 Bekasi Timur 17111
32 3276 Beji 16421
32 3271 Bogor Tengah 16121
32 3216 Tambun Selatan 17510
33 3375 Pekalongan Timur 51122
33 3374 Banyumanik 50264
33 3372 Laweyan 57141
34 3404 Depok 55281
34 3402 Kasihan 55181
34 3471 Umbulharjo 55161
35 3578 Gubeng 60281
35 3578 Rungkut 60293
35 3573 Klojen 65111
35 3515 Waru 61256
36 3671 Cipondoh 15148
36 3674 Serpong 15310
11 1171 Syiah Kuala 23111
12 1271 Medan Baru 20154
12 1271 Medan Johor 20143
13 1371 Padang Utara 25132
14 1471 Marpoyan Damai 28125
21 2171 Batam Kota 29431
16 1671 Ilir Barat I 30137
18 1871 Kedaton 35141
15 1571 Telanaipura 36122
51 5171 Denpasar Selatan 80223
51 5103 Kuta Utara 80361
52 5271 Mataram 83121
53 5371 Oebobo 85111
61 6171 Pontianak Selatan 78121
62 6271 Jekan Raya 73112
63 6371 Banjarmasin Tengah 70111
64 6471 Balikpapan Selatan 76114
64 6472 Samarinda Ulu 75123
65 6571 Tarakan Barat 77111
71 7171 Wenang 95111
72 7271 Palu Timur 94111
73 7371 Panakkukang 90231
73 7371 Tamalanrea 90245
74 7471 Kadia 93117
75 7571 Kota Tengah 96128
76 7602 Mamuju 91511
81 8171 Sirimau 97124
82 8271 Ternate Tengah 97714
91 9171 Abepura 99351
92 9202 Manokwari Barat 98312
93 9301 Merauke 99611
94 9404 Mimika Baru 98910
95 9501 Wamena 99511
96 9671 Sorong Manoi 98414
"""


def _read() -> tuple[tuple[str, str, str, str], ...]:
    rows = (line.split() for line in _PLACES.strip().splitlines())
    return tuple((row[0], row[1], " ".join(row[2:-1]), row[-1]) for row in rows)


PLACES = _read()
