using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>|a| with b's part unused: absolute values of any number type.</summary>
    internal readonly struct AbsOperator : IBinaryOperator
    {
        public static bool HasVector => true;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.Abs(a);

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => Vector.Abs(a);
    }

    /// <summary>The sign, -1, 0 or 1, of a.</summary>
    internal readonly struct SignOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsNaN(a) ? a : a == T.Zero ? T.Zero : T.IsNegative(a) ? -T.One : T.One;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    public partial class Tensor
    {
        /// <summary>Each element negated.</summary>
        public Tensor neg()
        {
            using Tensor minus = Numbers.Of(-1L, NotBool(type));
            Tensor result = Elementwise.Binary<MulOperator>(this, minus, type);
            return Tape.Records(this) ? Tape.Record(result, "NegBackward", [this], [], (_, g) => [g.neg()]) : result;
        }

        public Tensor negative() => neg();

        public Tensor neg_() => mul_(-1L);

        /// <summary>Each element's absolute value.</summary>
        public Tensor abs()
        {
            Tensor result = Elementwise.Binary<AbsOperator>(this, this, type);
            return Tape.Records(this) ? Tape.Record(result, "AbsBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).sign())]) : result;
        }

        public Tensor abs_() => Replace(abs());

        /// <summary>Each element's sign.</summary>
        public Tensor sign()
        {
            Tensor result = Elementwise.Binary<SignOperator>(this, this, type);
            return Tape.Records(this) ? Tape.Record(result, "SignBackward", [this], [], (_, g) => [Tape.Zeros(g)]) : result;
        }

        /// <summary>Each element times itself.</summary>
        public Tensor square() => pow(2);

        /// <summary>Writes an operation's result over this tensor, which takes its place in the graph.</summary>
        Tensor Replace(Tensor result)
        {
            if (result.requiresGrad) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            using (result)
            {
                Copy.Elements(result, this);
                return result.requiresGrad ? Tape.Record(this, "InPlaceBackward", [result], [], (_, g) => [g]) : this;
            }
        }
    }

    public static Tensor neg(Tensor input) => input.neg();

    public static Tensor abs(Tensor input) => input.abs();

    public static Tensor square(Tensor input) => input.square();
}
