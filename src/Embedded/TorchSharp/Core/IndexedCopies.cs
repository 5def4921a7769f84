using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Copies between dense memory and the places of an <see cref="IndexPlan"/>, in row-major order.</summary>
internal static unsafe class IndexedCopies
{
    /// <summary>to = from at the plan's places; <paramref name="to"/> is dense.</summary>
    public static void Read(Tensor from, IndexPlan plan, Tensor to)
    {
        switch (Dtypes.Size(from.type))
        {
            case 1: Read(from.Ptr<byte>(), plan, to.Ptr<byte>()); break;
            case 2: Read(from.Ptr<ushort>(), plan, to.Ptr<ushort>()); break;
            case 4: Read(from.Ptr<uint>(), plan, to.Ptr<uint>()); break;
            default: Read(from.Ptr<ulong>(), plan, to.Ptr<ulong>()); break;
        }

        GC.KeepAlive(from);
    }

    /// <summary>to = from, or += with <paramref name="add"/>, at the plan's places; <paramref name="from"/> is dense.</summary>
    public static void Write(Tensor from, IndexPlan plan, Tensor to, bool add)
    {
        if (add) Add(from, plan, to);
        else
        {
            switch (Dtypes.Size(to.type))
            {
                case 1: Set(from.Ptr<byte>(), plan, to.Ptr<byte>()); break;
                case 2: Set(from.Ptr<ushort>(), plan, to.Ptr<ushort>()); break;
                case 4: Set(from.Ptr<uint>(), plan, to.Ptr<uint>()); break;
                default: Set(from.Ptr<ulong>(), plan, to.Ptr<ulong>()); break;
            }
        }

        GC.KeepAlive(to);
    }

    static void Add(Tensor from, IndexPlan plan, Tensor to)
    {
        switch (to.type)
        {
            case ScalarType.Float32: Add(from.Ptr<float>(), plan, to.Ptr<float>()); break;
            case ScalarType.Float64: Add(from.Ptr<double>(), plan, to.Ptr<double>()); break;
            case ScalarType.Int64: Add(from.Ptr<long>(), plan, to.Ptr<long>()); break;
            case ScalarType.Int32: Add(from.Ptr<int>(), plan, to.Ptr<int>()); break;
            case ScalarType.Int16: Add(from.Ptr<short>(), plan, to.Ptr<short>()); break;
            case ScalarType.Int8: Add(from.Ptr<sbyte>(), plan, to.Ptr<sbyte>()); break;
            case ScalarType.Byte: Add(from.Ptr<byte>(), plan, to.Ptr<byte>()); break;
            case ScalarType.Float16: Add(from.Ptr<Half>(), plan, to.Ptr<Half>()); break;
            default:
                // bool, whose sum is "or", and bfloat16: through a wider type and back
                ScalarType compute = to.type == ScalarType.Bool ? ScalarType.Int64 : ScalarType.Float32;
                using (Tensor source = Elementwise.As(from, compute), target = Elementwise.As(to, compute), same = target.Window(0, to.sizes, target.strides, false))
                {
                    if (!to.is_contiguous()) throw new System.Runtime.InteropServices.ExternalException($"index_put_ with accumulate needs a contiguous tensor of {to.type}");
                    Add(source, plan, same);
                    Copy.Elements(same, to);
                }

                break;
        }
    }

    static void Read<T>(T* from, IndexPlan plan, T* to) where T : unmanaged
    {
        int run = plan.Trailing.Length;
        foreach (long a in plan.Leading)
            foreach (long b in plan.Indexed)
            {
                T* source = from + a + b;
                if (plan.IsRun) new ReadOnlySpan<T>(source, run).CopyTo(new Span<T>(to, run));
                else
                    for (int c = 0; c < run; c++) to[c] = source[plan.Trailing[c]];
                to += run;
            }
    }

    static void Set<T>(T* from, IndexPlan plan, T* to) where T : unmanaged
    {
        int run = plan.Trailing.Length;
        foreach (long a in plan.Leading)
            foreach (long b in plan.Indexed)
            {
                T* target = to + a + b;
                if (plan.IsRun) new ReadOnlySpan<T>(from, run).CopyTo(new Span<T>(target, run));
                else
                    for (int c = 0; c < run; c++) target[plan.Trailing[c]] = from[c];
                from += run;
            }
    }

    static void Add<T>(T* from, IndexPlan plan, T* to) where T : unmanaged, INumber<T>
    {
        int run = plan.Trailing.Length;
        foreach (long a in plan.Leading)
            foreach (long b in plan.Indexed)
            {
                T* target = to + a + b;
                for (int c = 0; c < run; c++) target[plan.Trailing[c]] += from[c];
                from += run;
            }
    }
}
