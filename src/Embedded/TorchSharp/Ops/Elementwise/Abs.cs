using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>|a| with b's part unused: absolute values of any number type.</summary>
    internal readonly struct AbsOperator : IBinaryOperator
    {
        public static bool HasVector => true;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsNegative(a) ? Negated(a) : a;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => Vector.Abs(a);

        // The smallest whole number, which has no positive, stays as it is.
        static T Negated<T>(T a) where T : unmanaged, INumber<T> => unchecked(-a);
    }

    public partial class Tensor
    {
        /// <summary>Each element's absolute value.</summary>
        public Tensor abs()
        {
            if (type == ScalarType.Bool) throw new ExternalException("\"abs_cpu\" not implemented for 'Bool'");
            Tensor result = Elementwise.Binary<AbsOperator>(this, this, type);
            return Tape.Records(this) ? Tape.Record(result, "AbsBackward", [this], [this], (n, g) => [g.mul(n.Saved(0).sgn())]) : result;
        }

        public Tensor abs_() => Replace(abs());

        public Tensor absolute() => abs();

        public Tensor absolute_() => abs_();
    }

    public static Tensor abs(Tensor input) => input.abs();

    public static Tensor abs_(Tensor input) => input.abs_();

    public static Tensor absolute(Tensor input) => input.absolute();

    public static Tensor absolute_(Tensor input) => input.absolute_();
}
