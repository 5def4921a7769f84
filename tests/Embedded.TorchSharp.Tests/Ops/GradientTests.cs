using DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Ops;

/// <summary>Gradients of element-by-element functions against central differences, at inputs between 0 and 1, above 1, or of any sign.</summary>
public sealed class GradientTests
{
    static readonly Dictionary<string, Func<Tensor, Tensor>> Anywhere = new()
    {
        ["tan"] = x => x.tan(),
        ["atan"] = x => x.atan(),
        ["sinh"] = x => x.sinh(),
        ["cosh"] = x => x.cosh(),
        ["asinh"] = x => x.asinh(),
        ["exp2"] = x => x.exp2(),
        ["expm1"] = x => x.expm1(),
        ["erf"] = x => x.erf(),
        ["erfc"] = x => x.erfc(),
        ["deg2rad"] = x => x.deg2rad(),
        ["rad2deg"] = x => x.rad2deg(),
        ["sinc"] = x => x.sinc(),
        ["abs"] = x => x.abs(),
        ["sign"] = x => x.sign(),
        ["sgn"] = x => x.sgn(),
        ["floor"] = x => x.floor(),
        ["ceil"] = x => x.ceil(),
        ["trunc"] = x => x.trunc(),
        ["round"] = x => x.round(),
        ["frac"] = x => x.frac(),
        ["neg"] = x => x.neg(),
        ["square"] = x => x.square(),
        ["pow 0"] = x => x.pow(0),
        ["pow 3"] = x => x.pow(3),
        ["reciprocal"] = x => x.reciprocal(),
        ["nan_to_num"] = x => x.nan_to_num(),
        ["frexp"] = x => x.frexp().Mantissa,
        ["angle"] = x => x.angle(),
        ["fmod number"] = x => x.fmod(0.7),
        ["remainder number"] = x => x.remainder(0.7),
        ["add in place"] = x => (x * 2).add_(x, 0.5).sub_(x).mul_(x).div_(x.square() + 1),
        ["rounded quotient"] = x => x.div(0.3, RoundingMode.floor) + x.div(0.3, RoundingMode.trunc),
    };

    static readonly Dictionary<string, Func<Tensor, Tensor>> Unit = new()
    {
        ["asin"] = x => x.asin(),
        ["acos"] = x => x.acos(),
        ["atanh"] = x => x.atanh(),
        ["erfinv"] = x => x.erfinv(),
        ["logit"] = x => x.logit(),
        ["logit eps"] = x => x.logit(0.3),
        ["log2"] = x => x.log2(),
        ["log10"] = x => x.log10(),
        ["log1p"] = x => x.log1p(),
        ["sqrt"] = x => x.sqrt(),
        ["rsqrt"] = x => x.rsqrt(),
        ["lgamma"] = x => x.lgamma(),
        ["digamma"] = x => x.digamma(),
        ["polygamma"] = x => (x + 1).polygamma(2),
        ["mvlgamma"] = x => (x + 1).mvlgamma(2),
        ["acosh"] = x => (x + 1).acosh(),
        ["pow -2"] = x => x.pow(-2),
        ["xlogy number"] = x => x.xlogy(0.4),
    };

    static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Pairs = new()
    {
        ["atan2"] = (x, y) => x.atan2(y),
        ["hypot"] = (x, y) => x.hypot(y),
        ["copysign"] = (x, y) => x.copysign(y),
        ["logaddexp"] = (x, y) => x.logaddexp(y),
        ["logaddexp2"] = (x, y) => x.logaddexp2(y),
        ["ldexp"] = (x, y) => x.ldexp(y),
        ["fmax"] = (x, y) => x.fmax(y),
        ["fmin"] = (x, y) => x.fmin(y),
        ["maximum"] = (x, y) => x.maximum(y),
        ["minimum"] = (x, y) => x.minimum(y),
        ["clamp below"] = (x, y) => x.clamp(min: y),
        ["clamp above"] = (x, y) => x.clamp(max: y),
        ["clamp both"] = (x, y) => x.clamp(y - 0.5, y + 0.5),
        ["fmod"] = (x, y) => x.fmod(y),
        ["remainder"] = (x, y) => x.remainder(y),
        ["xlogy"] = (x, y) => x.xlogy(y.abs()),
        ["pow"] = (x, y) => x.abs().pow(y),
        ["float_power"] = (x, y) => x.abs().float_power(y),
        ["lerp"] = (x, y) => x.lerp(y, x * y),
        ["addcmul"] = (x, y) => x.addcmul(x, y, 0.7),
        ["addcdiv"] = (x, y) => x.addcdiv(x, y, 0.7),
        ["rounded quotient"] = (x, y) => x.div(y, RoundingMode.floor),
    };

    public static TheoryData<string> OfOne() => [.. Anywhere.Keys, .. Unit.Keys];

    public static TheoryData<string> OfTwo() => [.. Pairs.Keys];

    [Theory, MemberData(nameof(OfOne))]
    public void Gradients_of_one_tensor(string name)
    {
        if (Anywhere.TryGetValue(name, out Func<Tensor, Tensor>? run)) GradientCheck.Run(name, [[2, 3]], x => run(x[0]));
        else GradientCheck.Run(name, [[2, 3]], x => Unit[name](x[0]), x => x.sigmoid());
    }

    [Theory, MemberData(nameof(OfTwo))]
    public void Gradients_of_two_tensors_that_broadcast(string name) =>
        GradientCheck.Run(name, [[3, 1], [4]], x => Pairs[name](x[0], x[1]));
}
