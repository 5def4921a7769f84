"""Writes values.json: PyTorch's own results for the cases of ValuesTests. Run with PyTorch 1.13 or later."""
import json
import math
import pathlib

import torch

inf, nan = math.inf, math.nan
WIDE = [-inf, -1e10, -3.7, -2.5, -1.5, -1.0, -0.75, -0.5, -1e-7, -0.0, 0.0, 1e-7, 0.3, 0.5, 0.9999, 1.0, 1.5, 2.0, 2.5, 4.5, 10.3, 1e10, inf, nan]
SHORT = [-inf, -2.5, -1.0, -0.5, -0.0, 0.0, 0.3, 1.0, 2.0, 7.25, inf, nan]
WHOLE = [-7, -2, -1, 0, 1, 2, 3, 12]
ROWS = [[0.5, -1.25, 3.0, 3.0, 0.0], [nan, 1.0, -2.0, 1.0, 4.0], [-inf, inf, 2.0, -1.0, 2.0], [0.1, 0.2, 0.3, 0.4, 0.5]]
PLAIN = [[0.5, -1.25, 3.0, 3.0, 0.0], [2.5, 1.0, -2.0, 1.0, 4.0], [-3.0, 0.25, 2.0, -1.0, 2.0], [0.1, 0.2, 0.3, 0.4, 0.5]]
COUNTS = [[5, -1, 3, 3, 0], [2, 1, -2, 1, 4], [7, 7, -7, 0, 1]]


def inputs():
    sets = {}
    for tag, dtype in (("f", torch.float32), ("d", torch.float64)):
        sets["wide." + tag] = torch.tensor(WIDE, dtype=dtype)
        sets["short." + tag] = torch.tensor(SHORT, dtype=dtype)
        sets["column." + tag] = torch.tensor(SHORT, dtype=dtype)[:, None]
        sets["rows." + tag] = torch.tensor(ROWS, dtype=dtype)
        sets["plain." + tag] = torch.tensor(PLAIN, dtype=dtype)
    sets["wide.i"] = sets["short.i"] = torch.tensor(WHOLE)
    sets["column.i"] = torch.tensor(WHOLE)[:, None]
    sets["other.i"] = torch.tensor([-3, -1, 1, 2, 5])
    sets["rows.i"] = sets["plain.i"] = torch.tensor(COUNTS)
    sets["wide.b"] = torch.tensor([True, False])
    return sets


def unary():
    f = {n: getattr(torch, n) for n in """abs acos acosh angle asin asinh atan atanh ceil cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 floor
        isfinite isinf isnan isneginf isposinf lgamma log log10 log1p log2 logical_not logit nan_to_num rad2deg reciprocal round rsqrt sgn
        sigmoid sign signbit sin sinc sinh sqrt square tan tanh trunc""".split()}
    f["frac"] = torch.frac
    f["neg"] = torch.neg
    f["round 1"] = lambda x: torch.round(x, decimals=1)
    f["round -1"] = lambda x: torch.round(x, decimals=-1)
    f["polygamma 1"] = lambda x: torch.polygamma(1, x.clamp(min=0.05))
    f["polygamma 3"] = lambda x: torch.polygamma(3, x.clamp(min=0.1))
    f["logit eps"] = lambda x: torch.logit(x, 0.1)
    f["clamp"] = lambda x: torch.clamp(x, -0.6, 1.2)
    f["pow 0.5"] = lambda x: x ** 0.5
    f["pow 3"] = lambda x: x ** 3
    f["pow -2"] = lambda x: x ** -2
    f["pow 0"] = lambda x: x ** 0
    f["pow 2.5"] = lambda x: x ** 2.5
    f["frexp mantissa"] = lambda x: torch.frexp(x)[0]
    f["frexp exponent"] = lambda x: torch.where(x.isfinite(), torch.frexp(x)[1], 0)
    for name, run in f.items():
        yield name, run, ["wide"]


def binary():
    f = {n: getattr(torch, n) for n in """add sub mul div atan2 copysign eq ne lt le gt ge fmax fmin fmod hypot ldexp logaddexp logaddexp2 logical_and
        logical_or logical_xor maximum minimum nextafter pow remainder xlogy float_power floor_divide heaviside""".split()}
    f["div floor"] = lambda a, b: torch.div(a, b, rounding_mode="floor")
    f["div trunc"] = lambda a, b: torch.div(a, b, rounding_mode="trunc")
    for name, run in f.items():
        yield name, run, ["column", "short"]


def whole():
    for name in "gcd lcm bitwise_and bitwise_or bitwise_xor fmod remainder pow mul div floor_divide atan2 xlogy maximum".split():
        yield name, getattr(torch, name), ["column.i", "other.i"]
    yield "div trunc", lambda a, b: torch.div(a, b, rounding_mode="trunc"), ["column.i", "other.i"]


def reductions():
    f = {}
    for name in "sum mean prod amax amin logsumexp all any cumsum cumprod logcumsumexp var std norm cummax cummin max min argmax argmin median mode sort argsort msort diff flip".split():
        fn = getattr(torch, name)
        if name in ("msort",):
            f[name] = fn
        elif name == "median":
            f[name] = fn
            f["nanmedian"] = torch.nanmedian
        elif name in ("norm",):
            for p in (2, 1, 0, 3, 0.5, inf, -inf):
                f[f"norm {p}"] = lambda x, p=p: torch.linalg.vector_norm(x, p, dim=1)
        else:
            f[name + " 0"] = lambda x, fn=fn: fn(x, dim=0) if fn is not torch.flip else fn(x, [0])
            f[name + " 1"] = lambda x, fn=fn: fn(x, dim=1) if fn is not torch.flip else fn(x, [1, 0])
    for name in "sum mean prod var std max min argmax argmin all any nansum count_nonzero trace".split():
        f[name] = getattr(torch, name)
    f["sort down"] = lambda x: torch.sort(x, dim=1, descending=True, stable=True)
    f["topk"] = lambda x: torch.topk(x, 2, 1)[0]
    f["topk small"] = lambda x: torch.topk(x, 2, 1, largest=False)[0]
    f["kthvalue"] = lambda x: torch.kthvalue(x, 3, 1)[0]
    f["nanmean"] = lambda x: torch.nanmean(x, 1)
    f["var biased"] = lambda x: torch.var(x, 1, unbiased=False, keepdim=True)
    f["std_mean"] = lambda x: torch.std_mean(x, 1)
    f["aminmax"] = lambda x: tuple(torch.aminmax(x, dim=1))
    f["unique"] = lambda x: torch.unique(x, return_inverse=True, return_counts=True)
    f["unique 0"] = lambda x: torch.unique(x, return_inverse=True, return_counts=True, dim=0)
    f["unique 1"] = lambda x: torch.unique(x.clamp(0, 1), return_inverse=True, return_counts=True, dim=1)
    f["unique_consecutive"] = lambda x: torch.unique_consecutive(x, return_inverse=True, return_counts=True)
    f["unique_consecutive 1"] = lambda x: torch.unique_consecutive(x, return_inverse=True, return_counts=True, dim=1)
    f["renorm"] = lambda x: torch.renorm(x, 2, 0, 1.5)
    f["tril"] = lambda x: torch.tril(x, 1)
    f["triu"] = lambda x: torch.triu(x, -1)
    f["rot90"] = lambda x: torch.rot90(x, 1)
    f["rot90 3"] = lambda x: torch.rot90(x, 3)
    f["roll"] = lambda x: torch.roll(x, (1, -2), (0, 1))
    f["repeat_interleave"] = lambda x: torch.repeat_interleave(x, torch.arange(x.shape[0]), 0)
    f["tile"] = lambda x: torch.tile(x, (2, 1, 2))
    f["kron"] = lambda x: torch.kron(x, x[:2, :2])
    f["diag"] = lambda x: torch.diag(x, 1)
    f["diag_embed"] = lambda x: torch.diag_embed(x[:2, :2], 1, 0, 2)
    f["diagflat"] = lambda x: torch.diagflat(x[0, :3], -1)
    f["vander"] = lambda x: torch.vander(x[0], 3)
    f["vander up"] = lambda x: torch.vander(x[0], increasing=True)
    f["block_diag"] = lambda x: torch.block_diag(x[:2, :2], x[0], x)
    f["cartesian_prod"] = lambda x: torch.cartesian_prod(x[0], x[1][:2])
    f["combinations"] = lambda x: torch.combinations(x[0][:4], 2)
    f["combinations again"] = lambda x: torch.combinations(x[0][:3], 2, with_replacement=True)
    f["meshgrid xy"] = lambda x: torch.meshgrid(x[0], x[1][:2], indexing="xy")
    f["hstack"] = lambda x: torch.hstack((x, x))
    f["vstack"] = lambda x: torch.vstack((x, x[0]))
    f["dstack"] = lambda x: torch.dstack((x, x))
    f["column_stack"] = lambda x: torch.column_stack((x[:, 0], x))
    f["trapezoid"] = lambda x: torch.trapezoid(x, dx=0.5, dim=1)
    f["trapezoid at"] = lambda x: torch.trapezoid(x, x[0], dim=1)
    f["cumulative_trapezoid"] = lambda x: torch.cumulative_trapezoid(x, dim=0)
    f["isin"] = lambda x: torch.isin(x, x[0])
    f["searchsorted"] = lambda x: torch.searchsorted(torch.sort(x, 1)[0], x)
    f["bucketize"] = lambda x: torch.bucketize(x, torch.sort(x[0])[0], right=True)
    f["cdist"] = lambda x: torch.cdist(x, x[:2], compute_mode="donot_use_mm_for_euclid_dist")
    f["cdist 1"] = lambda x: torch.cdist(x, x[:2], p=1.0)
    f["dist"] = lambda x: torch.dist(x, x[0])
    f["quantile"] = lambda x: torch.quantile(x, torch.tensor([0.1, 0.5, 1.0], dtype=x.dtype), dim=1, keepdim=True)
    f["quantile of all"] = lambda x: torch.quantile(x, torch.tensor(0.3, dtype=x.dtype))
    f["nanquantile"] = lambda x: torch.nanquantile(x, torch.tensor([0.25, 0.5], dtype=x.dtype), dim=0)
    f["histc"] = lambda x: torch.histc(x, 4, -2, 3)
    f["bincount"] = lambda x: torch.bincount(x.flatten().abs())
    f["cov"] = lambda x: torch.cov(x)
    f["corrcoef"] = lambda x: torch.corrcoef(x)
    for name, run in f.items():
        for names in (["rows"], ["plain"]):
            if names == ["rows"] and (name.startswith("unique") or name == "histc"):
                continue  # with NaN PyTorch's order, or bin, is by chance
            yield name, run, names

def number(v):
    if isinstance(v, bool) or isinstance(v, int):
        return int(v)
    if math.isnan(v):
        return "nan"
    if math.isinf(v):
        return "inf" if v > 0 else "-inf"
    return v


def write(t):
    flat = [number(v) for v in t.flatten().tolist()]
    if t.dtype == torch.float32:
        flat = [v if isinstance(v, str) else float("%.9g" % v) for v in flat]
    return {"type": str(t.dtype)[6:], "shape": list(t.shape), "data": flat}


def main():
    sets = inputs()
    cases = []
    groups = [*unary(), *binary(), *whole(), *reductions()]
    for name, run, names in groups:
        variants = [names] if "." in names[0] else [[n + "." + t for n in names] for t in "fdi"]
        for chosen in variants:
            try:
                result = run(*[sets[n] for n in chosen])
            except RuntimeError:
                continue
            results = result if isinstance(result, (tuple, list)) else [result]
            if names == ["plain"] and chosen[0].endswith(".i") and not name.startswith("unique"):
                continue  # the same numbers as rows.i
            cases.append({"name": name, "inputs": chosen, "outputs": [write(r) for r in results]})
    document = {"inputs": {k: write(v) for k, v in sets.items()}, "cases": cases}
    text = json.dumps(document, separators=(",", ":")).replace('},{"name"', '},\n{"name"')
    pathlib.Path(__file__).with_name("values.json").write_text(text + "\n")


main()
