using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct SigmoidOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.One / (T.One + T.Exp(-x));

        public static unsafe bool Map(float* x, float* y, long n)
        {
            Kernels.Elementwise.Map(default(Kernels.Functions.Sigmoid), x, y, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>The logistic function of each element.</summary>
        public Tensor sigmoid()
        {
            Tensor result = Elementwise.Unary<SigmoidOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "SigmoidBackward", [this], [result], (n, g) => [Slopes.Zip(default(Kernels.Functions.SigmoidGrad), n.Saved(0), g) ?? g.mul(n.Saved(0)).mul(n.Saved(0).neg().add(1))]) : result;
        }

        public Tensor sigmoid_() => Replace(sigmoid());
    }

    public static Tensor sigmoid(Tensor input) => input.sigmoid();

    public static Tensor sigmoid_(Tensor input) => input.sigmoid_();
}
