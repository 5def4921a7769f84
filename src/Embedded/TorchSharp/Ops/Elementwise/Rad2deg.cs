using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct Rad2degOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x * T.CreateTruncating(180 / Math.PI);
    }

    public partial class Tensor
    {
        /// <summary>Radians as degrees.</summary>
        public Tensor rad2deg()
        {
            Tensor result = Elementwise.Unary<Rad2degOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "Rad2degBackward", [this], [], (_, g) => [g.mul(180 / Math.PI)]) : result;
        }
    }

    public static Tensor rad2deg(Tensor input) => input.rad2deg();
}
