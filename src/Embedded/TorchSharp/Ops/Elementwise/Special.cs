using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct ErfcxOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(ErfComplement.Scaled(double.CreateTruncating(x)));
    }

    /// <summary>-x ln x, 0 at 0 and minus infinity below.</summary>
    internal readonly struct EntrOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> =>
            T.IsNaN(x) ? x : x > T.Zero ? -x * T.Log(x) : x == T.Zero ? T.Zero : T.NegativeInfinity;
    }

    /// <summary>Hurwitz's zeta function.</summary>
    internal readonly struct ZetaOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(GammaFunctions.Zeta(double.CreateTruncating(a), double.CreateTruncating(b)));
    }

    /// <summary>a ln(1 + b), 0 where a is 0, NaN where b is.</summary>
    internal readonly struct Xlog1pyOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T> => T.IsNaN(b) ? b : a == T.Zero ? T.Zero : a * T.CreateTruncating(GammaFunctions.LogOnePlus(double.CreateTruncating(b)));
    }

    /// <summary>Special functions.</summary>
    public static class special
    {
        public static Tensor digamma(Tensor input) => input.digamma();

        public static Tensor psi(Tensor input) => input.digamma();

        public static Tensor polygamma(long n, Tensor input) => input.polygamma(n);

        public static Tensor gammaln(Tensor input) => input.lgamma();

        public static Tensor multigammaln(Tensor input, long p) => input.mvlgamma(p);

        public static Tensor gammainc(Tensor input, Tensor other) => input.igamma(other);

        public static Tensor gammaincc(Tensor input, Tensor other) => input.igammac(other);

        public static Tensor erf(Tensor input) => input.erf();

        public static Tensor erfc(Tensor input) => input.erfc();

        public static Tensor erfinv(Tensor input) => input.erfinv();

        /// <summary>exp(x^2) erfc(x).</summary>
        public static Tensor erfcx(Tensor input)
        {
            Tensor result = Elementwise.Unary<ErfcxOperator>(input);
            return Tape.Records(input)
                ? Tape.Record(result, "SpecialErfcxBackward", [input], [input, result], (n, g) => [g.mul(n.Saved(0).mul(n.Saved(1)).mul(2).sub(1.1283791670955126))])
                : result;
        }

        public static Tensor exp2(Tensor input) => input.exp2();

        public static Tensor expm1(Tensor input) => input.expm1();

        public static Tensor expit(Tensor input) => input.sigmoid();

        public static Tensor sigmoid(Tensor input) => input.sigmoid();

        public static Tensor sigmoid_(Tensor input) => input.sigmoid_();

        public static Tensor logit(Tensor input) => input.logit();

        public static Tensor sinc(Tensor input) => input.sinc();

        public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

        public static Tensor log_softmax(Tensor input, long dim, ScalarType? dtype = null) => input.log_softmax(dim, dtype);

        /// <summary>-x ln x, 0 at 0 and minus infinity of negative numbers.</summary>
        public static Tensor entr(Tensor input)
        {
            Tensor result = Elementwise.Unary<EntrOperator>(input);
            return Tape.Records(input) ? Tape.Record(result, "SpecialEntrBackward", [input], [input], (n, g) => [g.mul(n.Saved(0).log().add(1).neg())]) : result;
        }

        /// <summary>The normal distribution's cumulative probability.</summary>
        public static Tensor ndtr(Tensor input)
        {
            using Tensor scaled = input.mul(-0.70710678118654752), complement = scaled.erfc();
            return complement.mul(0.5);
        }

        /// <summary>x ln(1 + y); 0 where x is 0, unless y is NaN.</summary>
        public static Tensor xlog1py(Tensor input, Tensor other)
        {
            Tensor result = Elementwise.FloatPair<Xlog1pyOperator>(input, other);
            if (!Tape.Records(input, other)) return result;
            long[] a = input.sizes, b = other.sizes;
            return Tape.Record(result, "SpecialXlog1PyBackward", [input, other], [input, other], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g.mul(n.Saved(1).log1p().masked_fill(n.Saved(0).eq(0).logical_and(n.Saved(1).le(-1)), 0.0)), a) : null,
                n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(0)).div(n.Saved(1).add(1)), b) : null,
            ]);
        }

        /// <summary>Hurwitz's zeta function: the sum of (k + q)^-x over k = 0, 1, ...</summary>
        public static Tensor zeta(Tensor x, Tensor q) => Elementwise.FloatPair<ZetaOperator>(x, q);
    }
}
