namespace TorchSharp;

public static partial class torch
{
    /// <summary>A device: its kind and number.</summary>
    public class Device
    {
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public Device(string deviceType, int index = -1)
        {
            type = Parse(deviceType);
            this.index = index;
        }

        /// <summary>The CUDA device of a number.</summary>
        public Device(int index)
        {
            type = DeviceType.CUDA;
            this.index = index;
        }

        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            string[] parts = description.Split(':');
            type = Parse(parts[0]);
            index = parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : -1;
        }

        public DeviceType type { get; }

        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString() => index < 0 || type == DeviceType.CPU
            ? type.ToString().ToLowerInvariant()
            : $"{type.ToString().ToLowerInvariant()}:{index}";

        static DeviceType Parse(string name) => name.ToLowerInvariant() switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            "mps" => DeviceType.MPS,
            "meta" => DeviceType.META,
            _ => throw new ArgumentException($"Invalid device string: '{name}'"),
        };

        /// <summary>Refuses what is not the CPU, which is all that this implementation computes on.</summary>
        internal static void Check(DeviceType type)
        {
            if (type != DeviceType.CPU)
                throw new InvalidOperationException($"Torch device type {type} did not initialise on the current machine.");
        }
    }

    /// <summary>The CPU.</summary>
    public static readonly Device CPU = new(DeviceType.CPU);

    /// <inheritdoc cref="device(string, int)"/>
    public static Device device(string description) => InitializeDevice(new Device(description));

    /// <inheritdoc cref="device(string, int)"/>
    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

    /// <summary>CUDA devices: none here.</summary>
    public static class cuda
    {
        public static bool is_available() => false;

        public static bool is_cudnn_available() => false;

        public static int device_count() => 0;

        public static void manual_seed(long seed) => torch.manual_seed(seed);

        public static void manual_seed_all(long seed) => torch.manual_seed(seed);

        public static void synchronize(Device? device = null)
        {
        }
    }
}
