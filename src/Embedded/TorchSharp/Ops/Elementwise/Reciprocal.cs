using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct ReciprocalOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.One / x;

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Elementwise.Map(default(Kernels.Functions.Reciprocal), x, y, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>1 over each element.</summary>
        public Tensor reciprocal()
        {
            Tensor result = Elementwise.Unary<ReciprocalOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "ReciprocalBackward", [this], [result], (n, g) => [g.mul(n.Saved(0).square()).neg()]) : result;
        }

        public Tensor reciprocal_() => Replace(reciprocal());
    }

    public static Tensor reciprocal(Tensor input) => input.reciprocal();

    public static Tensor reciprocal_(Tensor input) => input.reciprocal_();
}
