namespace TorchSharp;

public static partial class torch
{
    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.broadcast_to(shape);

    /// <summary>Views of the tensors, all of the shape that they broadcast to.</summary>
    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        long[] shape = [];
        foreach (Tensor t in tensors) shape = Shapes.Broadcast(shape, t.sizes);
        return tensors.Select(t => t.expand(shape)).ToArray();
    }

    /// <summary>The shape that shapes broadcast to.</summary>
    /// <exception cref="ArgumentException">When they don't.</exception>
    public static Size broadcast_shapes(params long[][] shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        long[] result = [];
        try
        {
            foreach (long[] shape in shapes) result = Shapes.Broadcast(result, shape);
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            throw new ArgumentException("Shape mismatch: objects cannot be broadcast to a single shape", e);
        }

        return new Size(result);
    }
}
