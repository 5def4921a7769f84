using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The larger of two; of a number and NaN the number.</summary>
    internal readonly struct FmaxOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsNaN(a) || a < b ? b : a;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    /// <summary>The smaller of two; of a number and NaN the number.</summary>
    internal readonly struct FminOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsNaN(a) || a > b ? b : a;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    public partial class Tensor
    {
        /// <summary>The larger of two elements; of a number and NaN the number. Of equals the first has the gradient.</summary>
        public Tensor fmax(Tensor other)
        {
            Tensor result = Elementwise.Binary<FmaxOperator>(this, other, Dtypes.Result(this, other));
            return Tape.Records(this, other) ? FirstOrSecond(result, "FmaxBackward", other, static (a, b) => a.ge(b)) : result;
        }

        /// <summary>The smaller of two elements; of a number and NaN the number. Of equals the first has the gradient.</summary>
        public Tensor fmin(Tensor other)
        {
            Tensor result = Elementwise.Binary<FminOperator>(this, other, Dtypes.Result(this, other));
            return Tape.Records(this, other) ? FirstOrSecond(result, "FminBackward", other, static (a, b) => a.le(b)) : result;
        }

        Tensor FirstOrSecond(Tensor result, string name, Tensor other, Func<Tensor, Tensor, Tensor> first)
        {
            long[] a = sizes, b = other.sizes;
            using Tensor before = first(this, other), nan = other.isnan(), mine = before.logical_or(nan);
            return Tape.Record(result, name, [this, other], [mine], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g.masked_fill(n.Saved(0).logical_not(), 0.0), a) : null,
                n.Needs(1) ? Tape.SumTo(g.masked_fill(n.Saved(0), 0.0), b) : null,
            ]);
        }
    }

    public static Tensor fmax(Tensor input, Tensor other) => input.fmax(other);

    public static Tensor fmin(Tensor input, Tensor other) => input.fmin(other);
}
