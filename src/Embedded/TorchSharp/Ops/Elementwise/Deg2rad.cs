using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    internal readonly struct Deg2radOperator : IFloatOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => x * T.CreateTruncating(Math.PI / 180);
    }

    public partial class Tensor
    {
        /// <summary>Degrees as radians.</summary>
        public Tensor deg2rad()
        {
            Tensor result = Elementwise.Unary<Deg2radOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "Deg2radBackward", [this], [], (_, g) => [g.mul(Math.PI / 180)]) : result;
        }
    }

    public static Tensor deg2rad(Tensor input) => input.deg2rad();
}
