"""What every painting is made on: noise, cloth, paper, light across relief, cracks, edges.

Pictures are float32 arrays (height, width, 3) in 0..1; single surfaces are (height, width).
`size` is always (width, height) in pixels.
"""

import numpy as np
from PIL import Image, ImageFilter

Size = tuple[int, int]


def compute_noise(
    rng: np.random.Generator, size: Size, cells: tuple[float, float], octaves: int = 1
) -> np.ndarray:
    """Smooth value noise (height, width) in 0..1, `cells` bumps across and down."""
    width, height = size
    total = np.zeros((height, width), np.float32)
    weight = 1.0
    for octave in range(octaves):
        across = max(2, min(width, round(cells[0] * 2**octave)))
        down = max(2, min(height, round(cells[1] * 2**octave)))
        grid = rng.random((down, across), dtype=np.float32) - 0.5
        total += weight * enlarge(grid, size)
        weight *= 0.5
    spread = float(np.abs(total).max()) or 1.0
    return total / (2 * spread) + 0.5


def enlarge(surface: np.ndarray, size: Size) -> np.ndarray:
    """A float32 surface brought to `size` with bicubic smoothing."""
    image = Image.fromarray(np.ascontiguousarray(surface, np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC))


def soften(surface: np.ndarray, radius: float) -> np.ndarray:
    """A surface (height, width) in 0..1 blurred by `radius` pixels; 8-bit precision."""
    return to_float(to_image(surface).filter(ImageFilter.GaussianBlur(radius)))


def soften_widely(picture: np.ndarray, radius: float) -> np.ndarray:
    """A picture blurred by `radius` pixels through a small copy: cheap for wide radii."""
    image = to_image(picture)
    small = (max(2, int(image.width / radius)), max(2, int(image.height / radius)))
    image = image.resize(small, Image.Resampling.BOX).resize(image.size, Image.Resampling.BICUBIC)
    return to_float(image)


def to_float(image: Image.Image) -> np.ndarray:
    """An 8-bit image as float32 in 0..1."""
    return np.asarray(image, np.float32) / 255.0


def to_image(picture: np.ndarray) -> Image.Image:
    """A float array in 0..1, (h, w) or (h, w, 3), as an 8-bit image; values are clipped."""
    return Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))


def compute_positions(size: Size) -> tuple[np.ndarray, np.ndarray]:
    """Pixel centres in heights: x (1, width) in 0..aspect and y (height, 1) in 0..1."""
    width, height = size
    x = (np.arange(width, dtype=np.float32)[None, :] + 0.5) / height
    y = (np.arange(height, dtype=np.float32)[:, None] + 0.5) / height
    return x, y


def smoothstep(value: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 below `low`, 1 above `high`, smooth between; `low` may exceed `high`."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def mix(first: np.ndarray, second: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """`first` where `share` (height, width) is 0, `second` where it is 1."""
    weight = share[..., None] if isinstance(share, np.ndarray) and share.ndim == 2 else share
    blended: np.ndarray = first + (second - first) * weight
    return blended


def fill(size: Size, colour: np.ndarray) -> np.ndarray:
    """A picture of one colour."""
    return np.broadcast_to(colour.astype(np.float32), (size[1], size[0], 3)).copy()


def compute_weave(rng: np.random.Generator, size: Size, period: float = 3.0) -> np.ndarray:
    """Relief of a woven cloth, about -1..1, threads `period` pixels apart."""
    width, height = size
    slip = compute_noise(rng, size, (width / 20, height / 20)) * 2.0
    x = np.arange(width, dtype=np.float32)[None, :] + slip
    y = np.arange(height, dtype=np.float32)[:, None] - slip
    cloth = np.sin(x * (2 * np.pi / period)) * np.sin(y * (2 * np.pi / period))
    return 0.7 * cloth + 0.6 * (rng.random((height, width), dtype=np.float32) - 0.5)


def compute_paper(rng: np.random.Generator, size: Size) -> np.ndarray:
    """Relief of laid paper, about -1..1: fibres, faint laid lines, mottling."""
    width, height = size
    fibres = compute_noise(rng, size, (width / 9, height / 2.5)) - 0.5
    mottle = compute_noise(rng, size, (7, 7), 3) - 0.5
    laid = np.sin(np.arange(width, dtype=np.float32)[None, :] * (2 * np.pi / 7.3))
    paper: np.ndarray = 0.7 * fibres + 0.9 * mottle + 0.08 * laid
    return paper


def light(picture: np.ndarray, relief: np.ndarray, strength: float) -> np.ndarray:
    """The picture under raking light from the upper left.

    `relief` (height, width) is height in units where 1 is a thick stroke; `strength` about 0..2.
    """
    slope = np.zeros_like(relief)
    slope[:, 1:-1] = relief[:, 2:] - relief[:, :-2]
    slope[1:-1] += relief[2:] - relief[:-2]
    shade = np.clip(slope * strength, -0.45, 0.45)[..., None]
    return picture * (1 + 0.8 * shade) + 0.10 * np.maximum(shade, 0)


def age(picture: np.ndarray, rng: np.random.Generator, amount: float) -> np.ndarray:
    """Yellowed varnish and darkened corners, `amount` 0..1."""
    size = (picture.shape[1], picture.shape[0])
    x, y = compute_positions(size)
    aspect = size[0] / size[1]
    corner = ((x / aspect - 0.5) ** 2 + (y - 0.5) ** 2) * 2
    patina = compute_noise(rng, size, (3, 3), 2) * 0.5 + corner
    tone = 1 - amount * patina[..., None] * np.array([0.30, 0.36, 0.52], np.float32)
    aged: np.ndarray = picture * tone
    return aged


def crack(picture: np.ndarray, rng: np.random.Generator, amount: float) -> np.ndarray:
    """Craquelure: a fine net of age cracks, `amount` 0..1, from cells of a jittered grid."""
    height, width = picture.shape[:2]
    net = compute_cell_borders(rng, (width, height), 9)
    patch = smoothstep(compute_noise(rng, (width, height), (4, 4), 2), 0.35, 0.7)
    cracked: np.ndarray = (
        picture * (1 - amount * 0.45 * smoothstep(net, 1.1, 0.2) * patch)[..., None]
    )
    return cracked


def compute_cell_borders(rng: np.random.Generator, size: Size, cell: float) -> np.ndarray:
    """Distance in pixels, roughly, to the border between cells of jittered points."""
    nearest, second, _ = compute_cells(rng, size, cell)
    distance: np.ndarray = second - nearest
    return distance


def compute_cells(
    rng: np.random.Generator, size: Size, cell: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distances to the nearest and second nearest jittered point, and the nearest one's number."""
    width, height = size
    columns, rows = int(width / cell) + 3, int(height / cell) + 3
    px = (np.arange(columns)[None, :] - 1 + rng.random((rows, columns))).astype(np.float32) * cell
    py = (np.arange(rows)[:, None] - 1 + rng.random((rows, columns))).astype(np.float32) * cell
    x, y = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    column = (x / cell).astype(int) + 1
    row = (y / cell).astype(int) + 1
    nearest = np.full((height, width), 1e9, np.float32)
    second = nearest.copy()
    number = np.zeros((height, width), np.int32)
    for dr in (-1, 0, 1):
        for dc in (-1, 0, 1):
            at = (np.clip(row + dr, 0, rows - 1), np.clip(column + dc, 0, columns - 1))
            distance = np.hypot(px[at] - x, py[at] - y)
            closer = distance < nearest
            second = np.where(closer, nearest, np.minimum(second, distance))
            number = np.where(closer, at[0] * columns + at[1], number)
            nearest = np.minimum(nearest, distance)
    return nearest, second, number
