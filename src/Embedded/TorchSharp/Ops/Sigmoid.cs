using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct SigmoidOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.One / (T.One + T.Exp(-x));
    }

    public partial class Tensor
    {
        /// <summary>The logistic function of each element.</summary>
        public Tensor sigmoid()
        {
            Tensor result = Elementwise.Unary<SigmoidOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "SigmoidBackward", [this], [result], (n, g) => [g.mul(n.Saved(0)).mul(n.Saved(0).neg().add(1))]) : result;
        }

        public Tensor sigmoid_() => Replace(sigmoid());
    }

    public static Tensor sigmoid(Tensor input) => input.sigmoid();
}
