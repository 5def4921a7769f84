using System.Numerics;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Conversions between element types.</summary>
internal static unsafe class Casting
{
    /// <summary>bfloat16, given by its bits, as float32.</summary>
    public static float Widen(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>float32 as bfloat16's bits, rounded to nearest even.</summary>
    public static ushort Narrow(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return 0x7fc0;
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>Converts elements of a dense source to a dense target of another type.</summary>
    public static void Run(Tensor from, Tensor to)
    {
        var kernel = new Kernel(from.type, from.Data, to.type, to.Data, from.Count);
        Launch.Over((from.Count + Kernel.Block - 1) / Kernel.Block, 2 * Kernel.Block, ref kernel);
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }

    static void Range(ScalarType source, byte* from, ScalarType target, byte* to, int n)
    {
        switch (source)
        {
            case ScalarType.Bool or ScalarType.Byte: From(from, target, to, n); break;
            case ScalarType.Int8: From((sbyte*)from, target, to, n); break;
            case ScalarType.Int16: From((short*)from, target, to, n); break;
            case ScalarType.Int32: From((int*)from, target, to, n); break;
            case ScalarType.Int64: From((long*)from, target, to, n); break;
            case ScalarType.Float32: From((float*)from, target, to, n); break;
            case ScalarType.Float64: From((double*)from, target, to, n); break;
            case ScalarType.Float16: From((Half*)from, target, to, n); break;
            case ScalarType.BFloat16:
                float* wide = stackalloc float[n];
                for (int i = 0; i < n; i++) wide[i] = Widen(((ushort*)from)[i]);
                From(wide, target, to, n);
                break;
            default: throw new InvalidOperationException($"{source} tensors cannot be converted.");
        }
    }

    static void From<T>(T* from, ScalarType target, byte* to, int n) where T : unmanaged, INumber<T>
    {
        switch (target)
        {
            case ScalarType.Byte: Cast(from, to, n); break;
            case ScalarType.Int8: Cast(from, (sbyte*)to, n); break;
            case ScalarType.Int16: Cast(from, (short*)to, n); break;
            case ScalarType.Int32: Cast(from, (int*)to, n); break;
            case ScalarType.Int64: Cast(from, (long*)to, n); break;
            case ScalarType.Float32: Cast(from, (float*)to, n); break;
            case ScalarType.Float64: Cast(from, (double*)to, n); break;
            case ScalarType.Float16: Cast(from, (Half*)to, n); break;
            case ScalarType.Bool:
                for (int i = 0; i < n; i++) to[i] = from[i] != T.Zero ? (byte)1 : (byte)0;
                break;
            case ScalarType.BFloat16:
                for (int i = 0; i < n; i++) ((ushort*)to)[i] = Narrow(float.CreateTruncating(from[i]));
                break;
            default: throw new InvalidOperationException($"Tensors cannot be converted to {target}.");
        }
    }

    struct Kernel(ScalarType source, byte* from, ScalarType target, byte* to, long n) : IKernel
    {
        public const int Block = 4096;

        public readonly void Run<T>(long begin, long end) where T : unmanaged, ILanes<T>
        {
            for (long block = begin; block < end; block++)
                Range(source, from + block * Block * Dtypes.Size(source), target, to + block * Block * Dtypes.Size(target), (int)Math.Min(Block, n - block * Block));
        }
    }

    static void Cast<T, R>(T* from, R* to, long n) where T : unmanaged, INumber<T> where R : unmanaged, INumber<R>
    {
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half))
        {
            if (typeof(R) == typeof(long))
            {
                for (long i = 0; i < n; i++) ((long*)to)[i] = Whole(double.CreateTruncating(from[i]));
                return;
            }

            if (typeof(R) == typeof(int) || typeof(R) == typeof(short) || typeof(R) == typeof(sbyte) || typeof(R) == typeof(byte))
            {
                for (long i = 0; i < n; i++) to[i] = R.CreateTruncating(Short(double.CreateTruncating(from[i])));
                return;
            }
        }

        for (long i = 0; i < n; i++) to[i] = R.CreateTruncating(from[i]);
    }

    /// <summary>Towards zero; the least number for what is outside or not a number, as x64's instruction and so libtorch.</summary>
    static long Whole(double x) => x is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)x : long.MinValue;

    /// <summary>As <see cref="Whole"/>, in 32 bits, of which smaller types keep the lowest.</summary>
    static int Short(double x) => x is > -2147483649.0 and < 2147483648.0 ? (int)x : int.MinValue;

    /// <summary>A scalar as one element of a type, widened to 8 bytes of storage.</summary>
    public static T To<T>(Scalar value) where T : unmanaged, INumber<T> =>
        Dtypes.IsFloating(value.Type) ? T.CreateTruncating(value.Real) : T.CreateTruncating(value.Whole);
}
