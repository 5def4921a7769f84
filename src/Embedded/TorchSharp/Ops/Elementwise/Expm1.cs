using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct Expm1Operator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(ExpMinusOne(double.CreateTruncating(x)));

        static double ExpMinusOne(double x)
        {
            double u = Math.Exp(x);
            if (u == 1) return x;
            return u - 1 == -1 ? -1 : double.IsInfinity(u) ? u : (u - 1) * (x / Math.Log(u));
        }
    }

    public partial class Tensor
    {
        /// <summary>e to the power of each element, less 1, exact also near 0.</summary>
        public Tensor expm1()
        {
            Tensor result = Elementwise.Unary<Expm1Operator>(this);
            return Tape.Records(this) ? Tape.Record(result, "Expm1Backward", [this], [result], (n, g) => [g.mul(n.Saved(0).add(1))]) : result;
        }

        public Tensor expm1_() => Replace(expm1());
    }

    public static Tensor expm1(Tensor input) => input.expm1();

    public static Tensor expm1_(Tensor input) => input.expm1_();
}
