using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>-1, 0 or 1 as the number is below, at or above 0; 0 of NaN.</summary>
    internal readonly struct SignOperator : INumberOperator
    {
        public static T Invoke<T>(T x) where T : unmanaged, INumber<T> => x > T.Zero ? T.One : x < T.Zero ? -T.One : T.Zero;
    }

    public partial class Tensor
    {
        /// <summary>Each element's sign: -1, 0 or 1, and 0 of NaN.</summary>
        public Tensor sign()
        {
            Tensor result = Elementwise.Number<SignOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "SignBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        public Tensor sign_() => Replace(sign());

        /// <summary>Each element's sign, as <see cref="sign"/> for real numbers.</summary>
        public Tensor sgn()
        {
            Tensor result = Elementwise.Number<SignOperator>(this);
            return Tape.Records(this) ? Tape.Record(result, "SgnBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        public Tensor sgn_() => Replace(sgn());
    }

    public static Tensor sign(Tensor input) => input.sign();

    public static Tensor sign_(Tensor input) => input.sign_();

    public static Tensor sgn(Tensor input) => input.sgn();

    public static Tensor sgn_(Tensor input) => input.sgn_();
}
