namespace TorchSharp;

public static partial class torch
{
    /// <summary>0, 1, ... up to and without <paramref name="stop"/>.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0L, stop, 1L, dtype, device, requires_grad);

    /// <summary>start, start + 1, ... up to and without <paramref name="stop"/>.</summary>
    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1L, dtype, device, requires_grad);

    /// <summary>start, start + step, ... up to and without <paramref name="stop"/>; whole numbers make an int64 tensor.</summary>
    public static unsafe Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(stop);
        ArgumentNullException.ThrowIfNull(step);
        if (step.Real == 0) throw new System.Runtime.InteropServices.ExternalException("step must be nonzero");
        bool whole = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        ScalarType type = dtype ?? (whole ? ScalarType.Int64 : get_default_dtype());
        if ((stop.Real - start.Real) / step.Real < 0)
            throw new System.Runtime.InteropServices.ExternalException("upper bound and larger bound inconsistent with step sign");
        long n = (long)Math.Ceiling((stop.Real - start.Real) / step.Real);
        if (device is not null) Device.Check(device.type);
        Tensor values = Tensor.Create([n], whole ? ScalarType.Int64 : ScalarType.Float64);
        for (long i = 0; i < n; i++)
        {
            if (whole) values.Ptr<long>()[i] = start.Whole + i * step.Whole;
            else values.Ptr<double>()[i] = start.Real + i * step.Real;
        }
        return values.to_type(type, disposeAfter: values.type != type).requires_grad_(requires_grad);
    }

    /// <summary>Evenly spaced numbers from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    public static unsafe Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        if (device is not null) Device.Check(device.type);
        ScalarType type = dtype ?? get_default_dtype();
        Tensor values = Tensor.Create([steps], ScalarType.Float64);
        double step = steps > 1 ? (end - start) / (steps - 1) : 0;
        for (long i = 0; i < steps; i++)
            values.Ptr<double>()[i] = i < steps / 2 ? start + step * i : end - step * (steps - 1 - i);
        if (steps == 1) values.Ptr<double>()[0] = start;
        return values.to_type(type, disposeAfter: values.type != type).requires_grad_(requires_grad);
    }

    /// <summary>A copy of an array of any rank.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => New.FromArray(rawArray, null, device, false);

    /// <summary>A copy of an array of any rank, converted.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.FromArray(rawArray, dtype, device, requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled(input.sizes, 0L, dtype ?? input.type, device, requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled(input.sizes, 1L, dtype ?? input.type, device, requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Unfilled(input.sizes, dtype ?? input.type, device, requires_grad);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New.Filled(input.sizes, value, dtype ?? input.type, device, requires_grad);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        New.Uniform(input.sizes, null, dtype ?? input.type, device, requires_grad);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        New.Normal(input.sizes, null, dtype ?? input.type, device, requires_grad);

    /// <summary>Whole numbers drawn evenly from [low, high).</summary>
    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
    {
        Tensor t = New.Unfilled(size, dtype ?? ScalarType.Int64, device, false);
        Draws.Integers(t, generator, low, high);
        return t.requires_grad_(requires_grad);
    }

    /// <summary>Whole numbers drawn evenly from [0, high).</summary>
    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    /// <summary>The numbers 0 to n - 1 in an order drawn by chance.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null)
    {
        Tensor t = New.Unfilled([n], ScalarType.Int64, device, false);
        Draws.Permutation(t, generator);
        return t.to_type(dtype ?? ScalarType.Int64, disposeAfter: dtype is { } d && d != ScalarType.Int64).requires_grad_(requires_grad);
    }
}
