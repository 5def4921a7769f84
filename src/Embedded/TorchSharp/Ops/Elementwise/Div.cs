using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>How a quotient is rounded.</summary>
    public enum RoundingMode
    {
        None = 0,
        trunc = 1,
        floor = 2,
    }

    internal readonly struct DivOperator : IBinaryOperator
    {
        public static bool HasVector => true;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a / b;

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => a / b;

        public static unsafe bool Zip(float* a, float* b, float* c, long n)
        {
            Kernels.Elementwise.Divide(a, b, c, n);
            return true;
        }

        public static unsafe bool Map(float* a, float b, float* c, long n)
        {
            Kernels.Elementwise.Map(new Kernels.Functions.DivideBy(b), a, c, n);
            return true;
        }
    }

    /// <summary>The quotient rounded towards minus infinity, of floating-point numbers as Python defines it.</summary>
    internal readonly struct FloorDivOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float)) return T.CreateTruncating(Floor(float.CreateTruncating(a), float.CreateTruncating(b)));
            if (typeof(T) == typeof(double)) return T.CreateTruncating(Floor(double.CreateTruncating(a), double.CreateTruncating(b)));
            T q = TruncDivOperator.Invoke(a, b);
            return T.IsNegative(a) != T.IsNegative(b) && q * b != a ? q - T.One : q;
        }

        static T Floor<T>(T a, T b) where T : IFloatingPointIeee754<T>
        {
            if (b == T.Zero) return a / b;
            T rest = a % b, quotient = (a - rest) / b;
            if (rest != T.Zero && T.IsNegative(b) != T.IsNegative(rest)) quotient -= T.One;
            if (quotient == T.Zero) return T.CopySign(T.Zero, a / b);
            T floor = T.Floor(quotient);
            return quotient - floor > T.CreateTruncating(0.5) ? floor + T.One : floor;
        }

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    /// <summary>The quotient rounded towards zero.</summary>
    internal readonly struct TruncDivOperator : IBinaryOperator
    {
        public static bool HasVector => false;

        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float)) return T.CreateTruncating(MathF.Truncate(float.CreateTruncating(a) / float.CreateTruncating(b)));
            if (typeof(T) == typeof(double)) return T.CreateTruncating(Math.Truncate(double.CreateTruncating(a) / double.CreateTruncating(b)));
            if (b == T.Zero) throw new ExternalException("ZeroDivisionError");
            // The machine refuses the one quotient that has no place: the smallest number by -1.
            return T.IsNegative(b) && b + T.One == T.Zero ? T.Zero - a : a / b;
        }

        public static Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T> => throw new NotSupportedException();
    }

    public partial class Tensor
    {
        /// <summary>The quotient of elements, broadcast; whole numbers divide to floating-point ones unless rounded.</summary>
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            ScalarType type = Dtypes.Result(this, target);
            if (rounding_mode != RoundingMode.None) return Rounded(target, type, rounding_mode);
            Tensor result = Elementwise.Binary<DivOperator>(this, target, Dtypes.IsFloating(type) ? type : get_default_dtype());
            if (!Tape.Records(this, target)) return result;
            long[] a = sizes, b = target.sizes;
            return Tape.Record(result, "DivBackward", [this, target], [target.requiresGrad ? this : null, target], (n, g) =>
            [
                n.Needs(0) ? Tape.SumTo(g.div(n.Saved(1)), a) : null,
                n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(0)).div(n.Saved(1).square()).neg(), b) : null,
            ]);
        }

        Tensor Rounded(Tensor target, ScalarType type, RoundingMode mode)
        {
            bool down = mode == RoundingMode.floor;
            if (type == ScalarType.Bool) throw new ExternalException($"\"{(down ? "div_floor_cpu" : "div_trunc_cpu")}\" not implemented for 'Bool'");
            Tensor result = down ? Elementwise.Binary<FloorDivOperator>(this, target, type) : Elementwise.Binary<TruncDivOperator>(this, target, type);
            if (!Tape.Records(this, target)) return result;
            long[] a = sizes, b = target.sizes;
            return Tape.Record(result, "DivBackward", [this, target], [], (n, g) => [n.Needs(0) ? torch.zeros(a, g.type) : null, n.Needs(1) ? torch.zeros(b, g.type) : null]);
        }

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            using Tensor number = Numbers.Of(target, Dtypes.Result(this, target));
            return div(number, rounding_mode);
        }

        Tensor DividedBy(Scalar numerator)
        {
            using Tensor number = Numbers.Of(numerator, Dtypes.Result(this, numerator));
            return number.div(this);
        }

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            Tensor?[] inputs = BeforeArithmetic(target);
            if (inputs.Length > 0 && rounding_mode == RoundingMode.None)
            {
                using Tensor before = clone();
                before.isConstant = !before.requiresGrad;
                Elementwise.InPlace<DivOperator>(this, target, ResultInPlace(target));
                long[] b = target.sizes;
                return Tape.Record(this, "DivBackward", inputs, [before, target], (n, g) =>
                    [g.div(n.Saved(1)), n.Needs(1) ? Tape.SumTo(g.mul(n.Saved(0)).div(n.Saved(1).square()).neg(), b) : null]);
            }
            ScalarType type = ResultInPlace(target);
            if (rounding_mode == RoundingMode.floor) Elementwise.InPlace<FloorDivOperator>(this, target, type);
            else if (rounding_mode == RoundingMode.trunc) Elementwise.InPlace<TruncDivOperator>(this, target, type);
            else if (Dtypes.IsFloating(type)) Elementwise.InPlace<DivOperator>(this, target, type);
            else throw new ExternalException($"result type Float can't be cast to the desired output type {Names.Of(type)}");
            return this;
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            using Tensor number = Numbers.Of(target, Dtypes.Result(this, target));
            return div_(number, rounding_mode);
        }

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor floor_divide(Tensor other) => div(other, RoundingMode.floor);

        public Tensor floor_divide(Scalar other) => div(other, RoundingMode.floor);

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor true_divide(Scalar other) => div(other);

        public Tensor true_divide(Tensor other) => div(other);

        public Tensor true_divide_(Scalar other) => div_(other);

        public Tensor true_divide_(Tensor other) => div_(other);

        public Tensor floor_divide_(Tensor other) => div_(other, RoundingMode.floor);

        public Tensor floor_divide_(Scalar other) => div_(other, RoundingMode.floor);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);
        public static Tensor operator /(Tensor left, int right) => left.div(right);
        public static Tensor operator /(Tensor left, long right) => left.div(right);
        public static Tensor operator /(Tensor left, float right) => left.div(right);
        public static Tensor operator /(Tensor left, double right) => left.div(right);
        public static Tensor operator /(Scalar left, Tensor right) => right.DividedBy(left);
        public static Tensor operator /(int left, Tensor right) => right.DividedBy(left);
        public static Tensor operator /(long left, Tensor right) => right.DividedBy(left);
        public static Tensor operator /(float left, Tensor right) => right.DividedBy(left);
        public static Tensor operator /(double left, Tensor right) => right.DividedBy(left);
    }

    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div(right, rounding_mode);

    public static Tensor div_(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    public static Tensor div_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.div_(right, rounding_mode);

    public static Tensor divide(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) => left.divide(right, rounding_mode);

    public static Tensor divide(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.divide(right, rounding_mode);

    public static Tensor divide_(Tensor left, Scalar right) => left.divide_(right);

    public static Tensor divide_(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) => left.divide_(right, rounding_mode);

    public static Tensor floor_divide(Tensor input, Tensor other) => input.floor_divide(other);

    public static Tensor floor_divide_(Tensor input, Tensor other) => input.floor_divide_(other);

    public static Tensor true_divide(Tensor dividend, Tensor divisor) => dividend.true_divide(divisor);

    public static Tensor true_divide_(Tensor dividend, Tensor divisor) => dividend.true_divide_(divisor);
}
