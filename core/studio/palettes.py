"""Palettes: eight colours with fixed roles, so that any painter can paint any subject."""

import colorsys
from dataclasses import dataclass, fields, replace

import numpy as np

# sky, glow, far, mid, near, dark, accent, light
_HEX = {
    "meadow": "6fa9d6 f3e3b3 8aa7b8 9bb25a 5f7f37 2e3b2a d9663b f7f1dc",
    "riviera": "4aa3c7 fbe0a6 7d9cc0 e0a458 c4653a 2b3a55 e5484d fff4dd",
    "orchard": "93bfe0 fbe9d0 a9b8a0 b7bf5e 6a8a3c 3a3a24 e28aa0 fbf5ea",
    "harvest": "7fafd0 f8d98a a79f77 e0b040 b5772a 4a3320 c8452b fdf0c8",
    "winter": "a9bcd2 f3dfd6 a9b4c6 d7dde6 8f9bb0 3a4256 c77b58 fbfbfa",
    "dusk": "3c4a75 f0a070 6a5b85 7c5a72 4a3d58 211d33 f6c453 f9e2c0",
    "dawn": "8facd8 f7c9b0 b49cc0 c2a08e 7e7a70 3b3646 ef8354 fdeedd",
    "moor": "8f9fa3 d9cfae 7f8577 8a7f4f 5d5632 2b291f a5502f eee6cf",
    "storm": "4f6273 c2c4b0 5c6b70 556258 3a4540 1b2224 c9a24b e7e6da",
    "lagoon": "52acb4 fdf0c4 5f94a8 7fb8a2 3d8075 17394a f08a5d f8fbef",
    "autumn": "8db2cf f7dca4 b58a67 d08a33 9b4a24 3b2318 e3b23c fbf0dc",
    "heather": "a1b0d6 f5d8cf 8a86b3 a58fb5 6e6a8f 322d4a e0b85c f8f0f2",
    "mistral": "3f74b5 f4d35e 5f86b0 c9b458 5b8c5a 1f2f4f e07a3f fbf3d0",
    "nocturne": "22314c 8fa08f 2b3d52 2f4550 1c2a35 0d141d e8b95b c9cdb5",
    "amber": "8c6a3a e8c27a 7a5a36 8a5c2c 5a3a1e 1f140c c9442c f3dfae",
    "pearl": "b4b9b4 eadfc6 a3a8a4 989a8c 6c7068 34373a b07d4f f2ede0",
    "umber": "3a2a1e a87842 4f3826 7b4f2a 4a3020 120c08 a63a24 f0d6a6",
    "olive": "3f3c2a c2a860 565036 7b7040 4c4628 12110b b4552d efe0b4",
    "wine": "2f1a1e b06a4a 4c2a2c 8a3530 52201f 100708 c88b3a f2d9b6",
    "slate": "262c32 9aa0a0 3c454c 5f6a72 343c42 0d1013 b98a54 ebe6da",
    "carnival": "2f8fd0 f7d23e e85d8a 38a169 e4572e 1d2a6b f4a300 fff1d0",
    "parrot": "f28cb1 ffd166 5b5fc7 06a77d d62246 241e4e f77f00 fdf0d5",
    "bazaar": "41b3a3 f8e16c c38dde e27d60 2a6f97 2b2d42 ee4266 fefae0",
    "mimosa": "6ec6e8 ffe45e f49ac1 f2a541 3f8f5b 3a1d5c e63946 fff8e1",
    "ochre": "b9a888 dcc79a 8f8468 a58450 6b5638 2a241c 8c4a2c eee2c4",
    "pewter": "a3a79f d0cdb8 7d847f 8b8672 565b57 22262a 9a6a3e e8e5d6",
    "sienna": "c2a07c e6cfa4 a07a58 b06a3c 7c4526 2c1a12 5f7480 f3e4c8",
    "sage": "a9b39a dcd6b4 7f8f7a 8f9a68 5c6a4c 23291f b5643c eeead2",
    "indigo": "2f5d8a f0d9a8 6f93ad 4a7c6f 2c5a5a 1b2a3f c8452f f1e7cf",
    "vermilion": "7fa6b0 e8b98a 8a9a86 c4a25a 5c7a52 2a2a33 d1432b f3e8cd",
    "plum": "8f86a8 e9c6b0 7c7b96 a8687a 5d5470 2b2338 d98f3d f2e8d8",
    "celadon": "86b0a3 efe0b5 7a9c92 a2b27c 587a68 22332f c96a4a f3efdb",
    "primary": "1f4fa3 f2c318 c9c9c2 cf2a20 1f4fa3 161616 cf2a20 f3efe2",
    "harbour": "2b5c8a e9b84a b7c0c2 b8402e 4d6a6d 1b1e23 d96c2c efeadd",
    "sherbet": "8ecae6 ffd6a5 cdb4db ffadad 90be6d 33415c f28482 fdf7ec",
    "signal": "0057b8 ffd100 e4002b 00843d ff6a13 101820 e4002b f5f2ea",
    "ember": "7a1f1f f2a03d a63228 c8502b 5c1a1e 1c0d10 f6c667 f4e4cc",
    "maroon": "5b1a2b d9552f 7d2a3a a33b32 3d1424 170a12 e9a13b efdccb",
    "aubergine": "3b2a5a c77dba 5d3f7d 8a4f8f 2a1f45 120d1f f2b84b eee3ee",
    "tropic": "007f7a ffb703 219ebc 8ecf6a 0b5563 04202c fb5607 f4f6e6",
    "graphite": "6b6e70 cfcbc0 8e9192 a7a49a 45484a 17181a b5362a eeebe3",
    "rosewater": "d9a5a0 f4dcc8 b98a8f e3b7a0 8f6470 3d2630 c8553d f9f0e6",
    "ultramarine": "1b3a8c e8c35a 3d5fae 6f8fc9 16265c 0a1026 e85a2c f2efe6",
}


@dataclass(frozen=True)
class Palette:
    """Eight colours, each (3,) float32 in 0..1."""

    sky: np.ndarray
    glow: np.ndarray
    far: np.ndarray
    mid: np.ndarray
    near: np.ndarray
    dark: np.ndarray
    accent: np.ndarray
    light: np.ndarray

    @property
    def inks(self) -> list[np.ndarray]:
        """The coloured six, without the dark and the light."""
        return [self.sky, self.glow, self.far, self.mid, self.near, self.accent]

    def map(self, change: dict[str, np.ndarray]) -> "Palette":
        """The palette with some roles replaced."""
        return replace(self, **change)


def load_palette(name: str) -> Palette:
    """The palette of that name; KeyError lists nothing the roster does not use."""
    return Palette(*(parse_colour(code) for code in _HEX[name].split()))


def parse_colour(code: str) -> np.ndarray:
    """'rrggbb' as (3,) float32 in 0..1."""
    return np.array([int(code[i : i + 2], 16) for i in (0, 2, 4)], np.float32) / 255


def vary(palette: Palette, rng: np.random.Generator, amount: float) -> Palette:
    """The palette as mixed on another day: hue, chroma and value moved by about `amount`."""
    turn = rng.normal(0, 0.035) * amount
    chroma = 1 + rng.normal(0, 0.13) * amount
    value = 1 + rng.normal(0, 0.08) * amount
    mixed = {}
    for role in fields(palette):
        hue, saturation, brightness = colorsys.rgb_to_hsv(*map(float, getattr(palette, role.name)))
        own = rng.normal(0, 0.018, 3) * amount
        mixed[role.name] = np.array(
            colorsys.hsv_to_rgb(
                (hue + turn + own[0]) % 1,
                min(1.0, max(0.0, saturation * chroma + own[1])),
                min(1.0, max(0.0, brightness * value + own[2])),
            ),
            np.float32,
        )
    return Palette(**mixed)


def blend(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    """`first` at share 0, `second` at share 1."""
    blended: np.ndarray = first + (second - first) * share
    return blended
