using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The larger of two; NaN where either is.</summary>
    internal readonly struct MaxOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsNaN(a) || a >= b ? a : b;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();

        public static unsafe bool Zip(float* a, float* b, float* c, long n)
        {
            Kernels.Elementwise.Zip(default(Kernels.Functions.Maximum), a, b, c, n);
            return true;
        }
    }

    /// <summary>The smaller of two; NaN where either is.</summary>
    internal readonly struct MinOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsNaN(a) || a <= b ? a : b;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();

        public static unsafe bool Zip(float* a, float* b, float* c, long n)
        {
            Kernels.Elementwise.Zip(default(Kernels.Functions.Minimum), a, b, c, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>The larger of two elements; of equals each has half of the gradient.</summary>
        public Tensor maximum(Tensor other)
        {
            Tensor result = Elementwise.Binary<MaxOperator>(this, other, Dtypes.Result(this, other));
            return Tape.Records(this, other) ? Chosen(result, "MaximumBackward", other, static (a, b) => a.gt(b)) : result;
        }

        /// <summary>The smaller of two elements; of equals each has half of the gradient.</summary>
        public Tensor minimum(Tensor other)
        {
            Tensor result = Elementwise.Binary<MinOperator>(this, other, Dtypes.Result(this, other));
            return Tape.Records(this, other) ? Chosen(result, "MinimumBackward", other, static (a, b) => a.lt(b)) : result;
        }

        Tensor Chosen(Tensor result, string name, Tensor other, Func<Tensor, Tensor, Tensor> first)
        {
            long[] a = sizes, b = other.sizes;
            return Tape.Record(result, name, [this, other], [this, other], (n, g) =>
            {
                Tensor half = n.Saved(0).eq(n.Saved(1)).to_type(g.type).mul(0.5);
                return
                [
                    n.Needs(0) ? Tape.SumTo(g.mul(first(n.Saved(0), n.Saved(1)).to_type(g.type).add(half)), a) : null,
                    n.Needs(1) ? Tape.SumTo(g.mul(first(n.Saved(1), n.Saved(0)).to_type(g.type).add(half)), b) : null,
                ];
            });
        }

        public Tensor max(Tensor other) => maximum(other);

        public Tensor min(Tensor other) => minimum(other);
    }

    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    public static Tensor max(Tensor input, Tensor other) => input.maximum(other);

    public static Tensor min(Tensor input, Tensor other) => input.minimum(other);
}
