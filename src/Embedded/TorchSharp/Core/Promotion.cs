namespace TorchSharp;

/// <summary>Questions about element types.</summary>
public static partial class torch
{
    /// <summary>The type of an operation on two tensors: tensors with dimensions go before zero-dimensional ones of the same category.</summary>
    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => Dtypes.Result(tensor1, tensor2);

    /// <summary>The smallest type that holds both.</summary>
    public static ScalarType promote_types(ScalarType type1, ScalarType type2) => Dtypes.Promote(type1, type2);

    /// <summary>Whether a type may be converted silently: not from floating-point to whole numbers, nor from these to truth values.</summary>
    public static bool can_cast(ScalarType from, ScalarType to)
    {
        if (Dtypes.IsFloating(from) && !Dtypes.IsFloating(to)) return false;
        return from == ScalarType.Bool || to != ScalarType.Bool;
    }

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_integral(Tensor t) => t.is_integral();

    public static bool is_tensor(object obj) => obj is Tensor;

    public static long numel(Tensor input) => input.Count;

    public static Tensor clone(Tensor input) => input.clone();

    /// <summary>The default type becomes that of the tensor.</summary>
    public static void set_default_tensor_type(Tensor t) => set_default_dtype(t.type);

    static Device defaultDevice = new(DeviceType.CPU);

    /// <summary>Where tensors are made whose device is not given.</summary>
    public static Device get_default_device() => defaultDevice;

    public static void set_default_device(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        Device.Check(device.type);
        defaultDevice = device;
    }

    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static Tensor FloatTensor(Tensor t) => t.to_type(ScalarType.Float32);

    public static Tensor DoubleTensor(Tensor t) => t.to_type(ScalarType.Float64);

    public static Tensor IntTensor(Tensor t) => t.to_type(ScalarType.Int32);

    public static Tensor LongTensor(Tensor t) => t.to_type(ScalarType.Int64);

    public static Tensor ShortTensor(Tensor t) => t.to_type(ScalarType.Int16);

    public static Tensor ByteTensor(Tensor t) => t.to_type(ScalarType.Byte);

    public static Tensor BoolTensor(Tensor t) => t.to_type(ScalarType.Bool);
}
