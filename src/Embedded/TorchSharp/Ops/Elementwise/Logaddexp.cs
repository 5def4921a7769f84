using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>ln(e^a + e^b) without overflow.</summary>
    internal readonly struct LogaddexpOperator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (T.IsInfinity(a) && a == b) return a;
            T larger = T.Max(a, b), apart = T.Abs(a - b);
            return larger + T.CreateTruncating(GammaFunctions.LogOnePlus(Math.Exp(-double.CreateTruncating(apart))));
        }
    }

    /// <summary>log2(2^a + 2^b) without overflow.</summary>
    internal readonly struct Logaddexp2Operator : IFloatPairOperator
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (T.IsInfinity(a) && a == b) return a;
            T larger = T.Max(a, b), apart = T.Abs(a - b);
            return larger + T.CreateTruncating(GammaFunctions.LogOnePlus(Math.Pow(2, -double.CreateTruncating(apart))) / Math.Log(2));
        }
    }

    public partial class Tensor
    {
        /// <summary>ln(e^a + e^b).</summary>
        public Tensor logaddexp(Tensor other)
        {
            Tensor result = Elementwise.FloatPair<LogaddexpOperator>(this, other, "logaddexp_cpu");
            if (!Tape.Records(this, other)) return result;
            long[] a = sizes, b = other.sizes;
            return Tape.Record(result, "LogaddexpBackward", [this, other], [this, other], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g.div(n.Saved(1).sub(n.Saved(0)).exp().add(1)), a) : null,
                n.Needs(1) ? Tape.SumTo(g.div(n.Saved(0).sub(n.Saved(1)).exp().add(1)), b) : null,
            ]);
        }

        /// <summary>log2(2^a + 2^b).</summary>
        public Tensor logaddexp2(Tensor other)
        {
            Tensor result = Elementwise.FloatPair<Logaddexp2Operator>(this, other, "logaddexp2_cpu");
            if (!Tape.Records(this, other)) return result;
            long[] a = sizes, b = other.sizes;
            return Tape.Record(result, "Logaddexp2Backward", [this, other], [this, other], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g.div(n.Saved(1).sub(n.Saved(0)).exp2().add(1)), a) : null,
                n.Needs(1) ? Tape.SumTo(g.div(n.Saved(0).sub(n.Saved(1)).exp2().add(1)), b) : null,
            ]);
        }
    }

    public static Tensor logaddexp(Tensor left, Tensor right) => left.logaddexp(right);

    public static Tensor logaddexp2(Tensor left, Tensor right) => left.logaddexp2(right);
}
