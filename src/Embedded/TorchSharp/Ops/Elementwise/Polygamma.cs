using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The derivative of order b of digamma at a.</summary>
    internal readonly struct PolygammaOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(GammaFunctions.Polygamma(long.CreateTruncating(b), double.CreateTruncating(a)));
    }

    public partial class Tensor
    {
        /// <summary>The p-th derivative of digamma.</summary>
        public Tensor polygamma(long p)
        {
            if (p < 0) throw new ExternalException("polygamma(n, x) does not support negative n.");
            ScalarType to = Dtypes.IsFloating(type) ? type : get_default_dtype();
            using Tensor order = Numbers.Of(p, Dtypes.Compute(to));
            Tensor result = Elementwise.FloatPair<PolygammaOperator>(this, order, to);
            return Tape.Records(this) ? Tape.Record(result, "PolygammaBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).polygamma(p + 1))]) : result;
        }

        public Tensor polygamma_(long p) => Replace(polygamma(p));

        /// <summary>The logarithm of the multivariate gamma function of dimension p.</summary>
        public Tensor mvlgamma(long p)
        {
            if (p < 1) throw new ExternalException("p has to be greater than or equal to 1");
            using DisposeScope scope = NewDisposeScope();
            Tensor sum = torch.zeros([], Dtypes.IsFloating(type) ? type : get_default_dtype()).add(p * (p - 1) / 4.0 * Math.Log(Math.PI));
            for (long i = 0; i < p; i++) sum = sum.add(sub(i / 2.0).lgamma());
            return scope.MoveToOuter(sum);
        }

        public Tensor mvlgamma_(long p) => Replace(mvlgamma(p));
    }

    public static Tensor polygamma(Tensor input, long p) => input.polygamma(p);

    public static Tensor polygamma_(Tensor input, long p) => input.polygamma_(p);

    public static Tensor mvlgamma(Tensor input, long p) => input.mvlgamma(p);

    public static Tensor mvlgamma_(Tensor input, long p) => input.mvlgamma_(p);
}
