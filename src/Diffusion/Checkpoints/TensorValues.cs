using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Diffusion.Checkpoints;

/// <summary>Compares tensors of files as they are read: in float32, a window at a time.</summary>
static class TensorValues
{
    /// <summary>Elements of a window where the types differ.</summary>
    const int Window = 1 << 16;

    /// <summary>Whether two floating-point tensors of one shape have the same numbers.</summary>
    /// <param name="one">A tensor's file and name.</param>
    /// <param name="other">The other's.</param>
    public static bool AreEqual((SafeTensorsReader File, string Name) one, (SafeTensorsReader File, string Name) other)
    {
        SafeTensorInfo info = one.File.Tensors[one.Name];
        bool isOneType = info.Type == other.File.Tensors[other.Name].Type;
        long step = isOneType ? SafeTensorsReader.WindowElements : Window;
        for (long at = 0; at < info.Elements; at += step)
        {
            int count = (int)Math.Min(step, info.Elements - at);
            if (isOneType && SameBytes(one, other, at, count)) continue;
            for (int from = 0; from < count; from += Window)
                if (!SameNumbers(one, other, at + from, Math.Min(Window, count - from))) return false;
        }
        return true;
    }

    static bool SameBytes((SafeTensorsReader File, string Name) one, (SafeTensorsReader File, string Name) other, long from, int count)
    {
        using MappedBytes a = one.File.Map(one.Name, from, count), b = other.File.Map(other.Name, from, count);
        return a.Bytes.SequenceEqual(b.Bytes);
    }

    // 0 and -0 are the same number, and what is no number is the same as itself.
    static bool SameNumbers((SafeTensorsReader File, string Name) one, (SafeTensorsReader File, string Name) other, long from, int count)
    {
        float[] a = new float[count], b = new float[count];
        one.File.ReadFloats(one.Name, from, a);
        other.File.ReadFloats(other.Name, from, b);
        for (int i = 0; i < count; i++)
            if (!a[i].Equals(b[i])) return false;
        return true;
    }
}
