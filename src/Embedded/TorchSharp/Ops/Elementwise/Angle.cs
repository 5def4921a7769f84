using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>0 of positive numbers, pi of negative ones.</summary>
    internal readonly struct AngleOperator : INumberOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, INumber<T> => T.IsNaN(x) ? x : x < T.Zero ? T.CreateTruncating(Math.PI) : T.Zero;
    }

    public partial class Tensor
    {
        /// <summary>The angle of each element on the complex plane: pi of negative numbers, otherwise 0.</summary>
        public Tensor angle()
        {
            using Tensor from = Elementwise.As(this, Dtypes.IsFloating(type) ? type : get_default_dtype());
            Tensor result = Elementwise.Number<AngleOperator>(from);
            return Tape.Records(this) ? Tape.Record(result, "AngleBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }
    }

    public static Tensor angle(Tensor input) => input.angle();
}
