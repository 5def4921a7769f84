using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>a + b; on bool, whose elements are 0 and 1, "or".</summary>
    internal readonly struct AddOperator : IBinaryOperator
    {
        public static bool HasVector => true;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a + b;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => a + b;

        public static unsafe bool Zip(float* a, float* b, float* c, long n)
        {
            Kernels.Elementwise.Add(a, b, c, n);
            return true;
        }

        public static unsafe bool Map(float* a, float b, float* c, long n)
        {
            Kernels.Elementwise.Map(new Kernels.Functions.Shift(b), a, c, n);
            return true;
        }
    }

    internal readonly struct SubOperator : IBinaryOperator
    {
        public static bool HasVector => true;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a - b;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => a - b;

        public static unsafe bool Zip(float* a, float* b, float* c, long n)
        {
            Kernels.Elementwise.Subtract(a, b, c, n);
            return true;
        }

        public static unsafe bool Map(float* a, float b, float* c, long n)
        {
            Kernels.Elementwise.Map(new Kernels.Functions.Shift(-b), a, c, n);
            return true;
        }
    }

    public partial class Tensor
    {
        /// <summary>The sum, broadcast.</summary>
        public Tensor add(Tensor target)
        {
            ScalarType type = Dtypes.Result(this, target);
            Tensor result = type == ScalarType.Bool
                ? Elementwise.Binary<MaxOperator>(this, target, type)
                : Elementwise.Binary<AddOperator>(this, target, type);
            if (!Tape.Records(this, target)) return result;
            if (ReferenceEquals(sizes, target.sizes) || sizes.AsSpan().SequenceEqual(target.sizes))
                return Tape.Record(result, "AddBackward", [this, target], [], static (n, g) => [n.Needs(0) ? g : null, n.Needs(1) ? g : null]);
            return SumsBroadcast(result, target);
        }

        // Apart, so that the other sums make no closure.
        Tensor SumsBroadcast(Tensor result, Tensor target)
        {
            long[] a = sizes, b = target.sizes;
            return Tape.Record(result, "AddBackward", [this, target], [], (n, g) =>
                [n.Needs(0) ? Tape.SumTo(g, a) : null, n.Needs(1) ? Tape.SumTo(g, b) : null]);
        }

        public Tensor add(Tensor target, Scalar alpha)
        {
            using Tensor scaled = target.mul(CheckedAlpha(target, alpha));
            return add(scaled);
        }

        public Tensor add(Scalar scalar)
        {
            ScalarType type = Dtypes.Result(this, scalar);
            using Tensor number = Numbers.Of(scalar, type);
            Tensor result = type == ScalarType.Bool
                ? Elementwise.Binary<MaxOperator>(this, number, type)
                : Elementwise.Binary<AddOperator>(this, number, type);
            return Tape.Records(this) ? Tape.Record(result, "AddBackward", [this], [], (_, g) => [g]) : result;
        }

        public Tensor add(Scalar scalar, Scalar alpha) => add(Numbers.Product(scalar, alpha));

        /// <summary>The difference, broadcast.</summary>
        public Tensor sub(Tensor target)
        {
            NotBool(target.type);
            Tensor result = Elementwise.Binary<SubOperator>(this, target, Dtypes.Result(this, target));
            if (!Tape.Records(this, target)) return result;
            long[] a = sizes, b = target.sizes;
            return Tape.Record(result, "SubBackward", [this, target], [], (n, g) =>
                [n.Needs(0) ? Tape.SumTo(g, a) : null, n.Needs(1) ? Tape.SumTo(g, b).neg() : null]);
        }

        public Tensor sub(Scalar target)
        {
            NotBool(target.Type);
            ScalarType type = Dtypes.Result(this, target);
            using Tensor number = Numbers.Of(target, type);
            Tensor result = Elementwise.Binary<SubOperator>(this, number, type);
            return Tape.Records(this) ? Tape.Record(result, "SubBackward", [this], [], (_, g) => [g]) : result;
        }

        public Tensor subtract(Tensor target) => sub(target);

        public Tensor subtract(Scalar target) => sub(target);

        public Tensor add_(Tensor target)
        {
            Tensor?[] inputs = BeforeArithmetic(target);
            ScalarType to = ResultInPlace(target);
            if (to == ScalarType.Bool) Elementwise.InPlace<MaxOperator>(this, target, to);
            else Elementwise.InPlace<AddOperator>(this, target, to);
            if (inputs.Length == 0) return this;
            long[] b = target.sizes;
            return Tape.Record(this, "AddBackward", inputs, [], (n, g) => [g, n.Needs(1) ? Tape.SumTo(g, b) : null]);
        }

        public Tensor add_(Tensor target, Scalar alpha)
        {
            using Tensor scaled = target.mul(CheckedAlpha(target, alpha));
            return add_(scaled);
        }

        public Tensor add_(Scalar scalar)
        {
            using Tensor number = Numbers.Of(scalar, Dtypes.Result(this, scalar));
            return add_(number);
        }

        public Tensor add_(Scalar scalar, Scalar alpha) => add_(Numbers.Product(scalar, alpha));

        public Tensor sub_(Tensor target)
        {
            Tensor?[] inputs = BeforeArithmetic(target);
            NotBool(target.type);
            Elementwise.InPlace<SubOperator>(this, target, ResultInPlace(target));
            if (inputs.Length == 0) return this;
            long[] b = target.sizes;
            return Tape.Record(this, "SubBackward", inputs, [], (n, g) => [g, n.Needs(1) ? Tape.SumTo(g, b).neg() : null]);
        }

        public Tensor sub_(Scalar target)
        {
            using Tensor number = Numbers.Of(target, Dtypes.Result(this, target));
            return sub_(number);
        }

        public Tensor subtract_(Tensor target) => sub_(target);

        public Tensor subtract_(Scalar target) => sub_(target);

        /// <summary>Checks an in-place operation with <paramref name="other"/>; its inputs where it is to be recorded.</summary>
        Tensor?[] BeforeArithmetic(Tensor other)
        {
            Tape.BeforeInPlace(this);
            if (!Shapes.Broadcast(sizes, other.sizes).AsSpan().SequenceEqual(sizes))
                throw new ExternalException($"output with shape [{Shapes.Text(sizes)}] doesn't match the broadcast shape [{Shapes.Text(Shapes.Broadcast(sizes, other.sizes))}]");
            if (!Tape.Records(this, other)) return [];
            Tape.BeforeRecordedInPlace(this);
            return [this, other];
        }

        ScalarType ResultInPlace(Tensor other)
        {
            ScalarType result = Dtypes.Result(this, other);
            if (!Dtypes.CanCast(result, type))
                throw new ExternalException($"result type {Names.Of(result)} can't be cast to the desired output type {Names.Of(type)}");
            return result;
        }

        Scalar CheckedAlpha(Tensor other, Scalar alpha)
        {
            if (Dtypes.IsFloating(alpha.Type) && !Dtypes.IsFloating(Dtypes.Result(this, other)))
                throw new ExternalException("For integral input tensors, argument alpha must not be a floating point number.");
            return alpha;
        }

        void NotBool(ScalarType other)
        {
            if (type == ScalarType.Bool && other == ScalarType.Bool)
                throw new ExternalException("Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.");
            if (type == ScalarType.Bool || other == ScalarType.Bool)
                throw new ExternalException("Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.");
        }

        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);
        public static Tensor operator +(Tensor left, int right) => left.add(right);
        public static Tensor operator +(Tensor left, long right) => left.add(right);
        public static Tensor operator +(Tensor left, float right) => left.add(right);
        public static Tensor operator +(Tensor left, double right) => left.add(right);
        public static Tensor operator +(int left, Tensor right) => right.add(left);
        public static Tensor operator +(long left, Tensor right) => right.add(left);
        public static Tensor operator +(float left, Tensor right) => right.add(left);
        public static Tensor operator +(double left, Tensor right) => right.add(left);
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);
        public static Tensor operator -(Scalar left, Tensor right) => right.neg().add(left);
        public static Tensor operator -(Tensor left, int right) => left.sub(right);
        public static Tensor operator -(Tensor left, long right) => left.sub(right);
        public static Tensor operator -(Tensor left, float right) => left.sub(right);
        public static Tensor operator -(Tensor left, double right) => left.sub(right);
        public static Tensor operator -(int left, Tensor right) => (Scalar)left - right;
        public static Tensor operator -(long left, Tensor right) => (Scalar)left - right;
        public static Tensor operator -(float left, Tensor right) => (Scalar)left - right;
        public static Tensor operator -(double left, Tensor right) => (Scalar)left - right;
        public static Tensor operator -(Tensor tensor) => tensor.neg();
    }

    public static Tensor add(Tensor left, Tensor right) => left.add(right);

    public static Tensor add(Tensor left, Scalar right) => left.add(right);

    public static Tensor sub(Tensor left, Tensor right) => left.sub(right);

    public static Tensor sub(Tensor left, Scalar right) => left.sub(right);

    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => left.add(right, alpha);

    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => left.add(right, alpha);

    public static Tensor add_(Tensor left, Scalar right) => left.add_(right);

    public static Tensor add_(Tensor left, Scalar right, Scalar alpha) => left.add_(right, alpha);

    public static Tensor add_(Tensor left, Tensor right) => left.add_(right);

    public static Tensor add_(Tensor left, Tensor right, Scalar alpha) => left.add_(right, alpha);

    public static Tensor sub_(Tensor left, Scalar right) => left.sub_(right);

    public static Tensor sub_(Tensor left, Tensor right) => left.sub_(right);

    public static Tensor subtract(Tensor left, Scalar right) => left.subtract(right);

    public static Tensor subtract(Tensor left, Tensor right) => left.subtract(right);

    public static Tensor subtract_(Tensor left, Scalar right) => left.subtract_(right);

    public static Tensor subtract_(Tensor left, Tensor right) => left.subtract_(right);
}
