using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct Exp2Operator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.Exp2(x);
    }

    public partial class Tensor
    {
        /// <summary>2 to the power of each element.</summary>
        public Tensor exp2()
        {
            Tensor result = Elementwise.Unary<Exp2Operator>(this);
            return Tape.Records(this) ? Tape.Record(result, "Exp2Backward", [this], [result], (n, g) => [g.mul(n.Saved(0)).mul(0.69314718055994531)]) : result;
        }
    }

    public static Tensor exp2(Tensor input) => input.exp2();
}
