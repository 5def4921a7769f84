using DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Ops;

/// <summary>torch.special: known values, identities between the functions, and gradients.</summary>
public sealed class SpecialTests
{
    static readonly Dictionary<string, Func<Tensor, Tensor, (Tensor Expected, Tensor Actual)>> Identities = new()
    {
        ["digamma"] = (x, y) => (x.digamma() + 1 / x, special.digamma(x + 1)),
        ["psi"] = (x, y) => (x.digamma(), special.psi(x)),
        ["polygamma"] = (x, y) => (x.polygamma(1) - 1 / x.square(), special.polygamma(1, x + 1)),
        ["gammaln"] = (x, y) => (x.lgamma() + x.log(), special.gammaln(x + 1)),
        ["multigammaln"] = (x, y) => ((x + 1).lgamma() + (x + 0.5).lgamma() + Math.Log(Math.PI) / 2, special.multigammaln(x + 1, 2)),
        ["gammainc of 1"] = (x, y) => (1 - (-y).exp(), special.gammainc(ones_like(y), y)),
        ["gammainc by recurrence"] = (x, y) => (special.gammainc(x, y) - (x * y.log() - y - (x + 1).lgamma()).exp(), special.gammainc(x + 1, y)),
        ["gammaincc"] = (x, y) => (1 - x.igamma(y), special.gammaincc(x, y)),
        ["igammac"] = (x, y) => (1 - igamma(x, y * 9), igammac(x, y * 9)),
        ["igamma forms"] = (x, y) => (x.igamma(y), 1 - x.igammac(y)),
        ["erf"] = (x, y) => (1 - special.erfc(x), special.erf(x)),
        ["erfcx"] = (x, y) => (x.square().exp() * x.erfc(), special.erfcx(x)),
        ["erfcx below 0"] = (x, y) => (x.square().exp() * (-x).erfc(), special.erfcx(-x)),
        ["erfinv"] = (x, y) => (x, special.erfinv(special.erf(x))),
        ["exp2"] = (x, y) => (x, special.exp2(x).log2()),
        ["expm1"] = (x, y) => (x, special.expm1(x).log1p()),
        ["expit"] = (x, y) => (1 / (1 + (-x).exp()), special.expit(x)),
        ["sigmoid"] = (x, y) => (special.sigmoid(x), special.sigmoid_(x.clone())),
        ["logit"] = (x, y) => (x, special.logit(x.sigmoid())),
        ["sinc"] = (x, y) => ((x * Math.PI).sin() / (x * Math.PI), special.sinc(x)),
        ["softmax"] = (x, y) => (x.exp() / x.exp().sum(), special.softmax(x, 0)),
        ["log_softmax"] = (x, y) => (x.softmax(0).log(), special.log_softmax(x, 0)),
        ["entr"] = (x, y) => (-x * x.log(), special.entr(x)),
        ["ndtr"] = (x, y) => (0.5 * (1 + (x / Math.Sqrt(2)).erf()), special.ndtr(x)),
        ["xlog1py"] = (x, y) => (x * (1 + y).log(), special.xlog1py(x, y)),
        ["zeta by recurrence"] = (x, y) => (special.zeta(x + 1, y) - y.pow(-x - 1), special.zeta(x + 1, y + 1)),
        ["zeta of 2"] = (x, y) => (tensor(Math.PI * Math.PI / 6), special.zeta(tensor(2.0), tensor(1.0))),
    };

    public static TheoryData<string> Names() => [.. Identities.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Identities_hold(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor expected, Tensor actual) = Identities[name](tensor(new[] { 0.3, 1.7, 2.5, 0.01 }), tensor(new[] { 0.6, 1.2, 3.5, 0.02 }));
        Assert.True(allclose(expected, actual, 1e-11, 1e-13), $"{name}: {(expected - actual).abs().max().item<double>()}");
    }

    [Fact]
    public void Edges()
    {
        double[] entropy = special.entr(tensor(new[] { 0.0, 1, -1, double.NaN })).data<double>().ToArray();
        Assert.Equal(0, entropy[0]);
        Assert.Equal(0, entropy[1]);
        Assert.Equal(double.NegativeInfinity, entropy[2]);
        Assert.True(double.IsNaN(entropy[3]));
        Assert.Equal(0, special.xlog1py(tensor(0.0), tensor(-1.0)).item<double>());
        Assert.Equal(double.PositiveInfinity, special.zeta(tensor(1.0), tensor(1.0)).item<double>());
    }

    [Fact]
    public void Gradients()
    {
        GradientCheck.Run("erfcx", [[4]], x => special.erfcx(x[0]));
        GradientCheck.Run("entr", [[4]], x => special.entr(x[0].square() + 0.1));
        GradientCheck.Run("ndtr", [[4]], x => special.ndtr(x[0]));
        GradientCheck.Run("xlog1py", [[4], [4]], x => special.xlog1py(x[0], x[1].square()));
        GradientCheck.Run("igamma", [[4]], x => tensor(1.5).igamma(x[0].square() + 0.1) - tensor(0.5).igammac(x[0].square() + 0.1));
    }
}
