using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>A copy in its own memory.</summary>
        public Tensor clone()
        {
            Tensor copy = contiguousCopy();
            return Tape.Records(this) ? Tape.Record(copy, "CloneBackward", [this], [], (_, g) => [g]) : copy;
        }

        internal Tensor contiguousCopy()
        {
            Check();
            Tensor copy = Create(sizes, type);
            Copy.Elements(this, copy);
            return copy;
        }

        /// <summary>This tensor where it is row-major already, otherwise a row-major copy.</summary>
        public Tensor contiguous() => is_contiguous() ? alias() : clone();

        /// <summary>Copies elements, broadcast and converted as needed, into this tensor.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            ArgumentNullException.ThrowIfNull(source);
            long[] common = Shapes.Broadcast(sizes, source.sizes);
            if (!common.AsSpan().SequenceEqual(sizes))
                throw new System.Runtime.InteropServices.ExternalException($"output with shape [{Shapes.Text(sizes)}] doesn't match the broadcast shape [{Shapes.Text(common)}]");
            bool record = GradMode.Enabled && (source.requiresGrad || requiresGrad);
            if (record) Tape.BeforeRecordedInPlace(this);
            Tape.BeforeInPlace(this);
            using (Tensor? apart = ReferenceEquals(source.buffer, buffer) ? source.contiguousCopy() : null)
                Copy.Elements(apart ?? source, this);
            if (!record) return this;
            (long[] from, ScalarType kind) = (source.sizes, source.type);
            return Tape.Record(this, "CopyBackward", [source], [], (_, g) => [Tape.SumTo(g, from).to_type(kind)]);
        }

        /// <summary>The elements converted to another type; this tensor itself where it has that type already.</summary>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            Check();
            if (this.type == type && !copy) return this;
            Tensor result = Create(sizes, type);
            Copy.Elements(this, result);
            if (Tape.Records(this) && Dtypes.IsFloating(type))
            {
                ScalarType from = this.type;
                Tape.Record(result, "ToCopyBackward", [this], [], (_, g) => [g.to_type(from)]);
            }
            if (disposeAfter) Dispose();
            return result;
        }

        /// <summary>Converts this very tensor: same object, other memory.</summary>
        internal void Become(ScalarType type)
        {
            if (this.type == type) return;
            using Tensor converted = Elementwise.As(this, type);
            TensorBuffer old = buffer!;
            buffer = converted.buffer!.Retain();
            offset = converted.offset;
            strides = converted.strides;
            this.type = type;
            gradient?.Become(type);
            old.Release();
        }

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            Device.Check(device.type);
            return to_type(type, copy, disposeAfter, non_blocking);
        }

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            Device.Check(device.type);
            return to_type(type, copy, disposeAfter, non_blocking);
        }

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            Device.Check(deviceType);
            return to_type(type, copy, disposeAfter, non_blocking);
        }

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => to_type(other.type);

        public Tensor cpu() => this;

        public Tensor cuda(Device? device = null, bool non_blocking = false)
        {
            Device.Check(DeviceType.CUDA);
            return this;
        }

        public Tensor type_as(Tensor tensor) => to_type(tensor.type);

        public Tensor @bool() => to_type(ScalarType.Bool);
        public Tensor @byte() => to_type(ScalarType.Byte);
        public Tensor @char() => to_type(ScalarType.Int8);
        public Tensor @short() => to_type(ScalarType.Int16);
        public Tensor @int() => to_type(ScalarType.Int32);
        public Tensor @long() => to_type(ScalarType.Int64);
        public Tensor half() => to_type(ScalarType.Float16);
        public Tensor bfloat16() => to_type(ScalarType.BFloat16);
        public Tensor @float() => to_type(ScalarType.Float32);
        public Tensor @double() => to_type(ScalarType.Float64);
    }
}
