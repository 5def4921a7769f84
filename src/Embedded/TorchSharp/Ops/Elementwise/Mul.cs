using System.Numerics;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>a * b; on bool, whose elements are 0 and 1, "and".</summary>
    internal readonly struct MulOperator : IBinaryOperator
    {
        public static bool HasVector => true;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a * b;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => a * b;

        public static unsafe bool Zip(float* a, float* b, float* c, long n)
        {
            Kernels.Elementwise.Multiply(a, b, c, n);
            return true;
        }

        public static unsafe bool Map(float* a, float b, float* c, long n)
        {
            Kernels.Elementwise.Scale(a, b, c, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>The product of elements, broadcast.</summary>
        public Tensor mul(Tensor target)
        {
            Tensor result = Elementwise.Binary<MulOperator>(this, target, Dtypes.Result(this, target));
            if (!Tape.Records(this, target)) return result;
            long[] a = sizes, b = target.sizes;
            return Tape.Record(result, "MulBackward", [this, target], [target.requiresGrad ? this : null, requiresGrad ? target : null], (n, g) =>
                [n.Needs(0) ? Tape.SumTo(g.mul(n.Saved(1)), a) : null, n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(0)), b) : null]);
        }

        public Tensor mul(Scalar target)
        {
            ScalarType type = Dtypes.Result(this, target);
            using Tensor number = Numbers.Of(target, type);
            Tensor result = Elementwise.Binary<MulOperator>(this, number, type);
            return Tape.Records(this) ? Tape.Record(result, "MulBackward", [this], [], (_, g) => [g.mul(target)]) : result;
        }

        public Tensor multiply(Tensor target) => mul(target);

        public Tensor multiply(Scalar target) => mul(target);

        public Tensor mul_(Tensor target)
        {
            Tensor?[] inputs = BeforeArithmetic(target);
            using Tensor? before = inputs.Length > 0 && target.requiresGrad ? clone() : null;
            if (before is not null) before.isConstant = !before.requiresGrad;
            Elementwise.InPlace<MulOperator>(this, target, ResultInPlace(target));
            if (inputs.Length == 0) return this;
            long[] b = target.sizes;
            return Tape.Record(this, "MulBackward", inputs, [before, target], (n, g) =>
                [g.mul(n.Saved(1)), n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(0)), b) : null]);
        }

        public Tensor mul_(Scalar target)
        {
            using Tensor number = Numbers.Of(target, Dtypes.Result(this, target));
            return mul_(number);
        }

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);
        public static Tensor operator *(Tensor left, int right) => left.mul(right);
        public static Tensor operator *(Tensor left, long right) => left.mul(right);
        public static Tensor operator *(Tensor left, float right) => left.mul(right);
        public static Tensor operator *(Tensor left, double right) => left.mul(right);
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);
        public static Tensor operator *(int left, Tensor right) => right.mul(left);
        public static Tensor operator *(long left, Tensor right) => right.mul(left);
        public static Tensor operator *(float left, Tensor right) => right.mul(left);
        public static Tensor operator *(double left, Tensor right) => right.mul(left);
    }

    public static Tensor mul(Tensor left, Tensor right) => left.mul(right);

    public static Tensor mul(Tensor left, Scalar right) => left.mul(right);

    public static Tensor mul_(Tensor left, Scalar right) => left.mul_(right);

    public static Tensor mul_(Tensor left, Tensor right) => left.mul_(right);

    public static Tensor multiply(Tensor left, Scalar right) => left.multiply(right);

    public static Tensor multiply(Tensor left, Tensor right) => left.multiply(right);

    public static Tensor multiply_(Tensor left, Scalar right) => left.mul_(right);

    public static Tensor multiply_(Tensor left, Tensor right) => left.mul_(right);
}
