namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// An array of elements of one type: a window (offset, shape, strides) on a buffer that views share, and its place
    /// in the graph that the backward pass walks.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        static long handles, count, peak;

        internal TensorBuffer? buffer;
        internal long offset;
        internal long[] sizes;
        internal long[] strides;
        internal ScalarType type;
        internal Tensor? gradient;

        /// <summary>Where the owning scope keeps it.</summary>
        internal int scopeSlot;
        nint handle;

        /// <summary>True for a tensor that the user sees, which the statistics count.</summary>
        bool counted;

        Tensor() => sizes = strides = [];

        /// <summary>A tensor that takes over one reference to <paramref name="buffer"/>; in the innermost scope if it is <paramref name="scoped"/>.</summary>
        internal static Tensor Make(TensorBuffer buffer, long offset, long[] sizes, long[] strides, ScalarType type, bool scoped = true)
        {
            Tensor tensor = Recycled() ?? new Tensor();
            tensor.buffer = buffer;
            tensor.offset = offset;
            tensor.sizes = sizes;
            tensor.strides = strides;
            tensor.type = type;
            tensor.Open();
            if (!scoped) return tensor;
            tensor.counted = true;
            tensor.OwningDisposeScope = DisposeScopeManager.Register(tensor);
            return tensor;
        }

        /// <summary>Takes over the memory of <paramref name="data"/>, which is invalid afterwards.</summary>
        internal Tensor(Tensor data)
        {
            data.Check();
            buffer = data.buffer!.Retain();
            offset = data.offset;
            sizes = data.sizes;
            strides = data.strides;
            type = data.type;
            Open();
            (counted, data.counted) = (data.counted, false);
            DisposeScope? scope = data.OwningDisposeScope;
            data.Dispose();
            if (scope is null) return;
            OwningDisposeScope = scope;
            scope.Include(this);
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>Tensors that are alive in this process.</summary>
        public static long TotalCount => Interlocked.Read(ref count);

        /// <summary>The most tensors that were alive at once.</summary>
        public static long PeakCount => Interlocked.Read(ref peak);

        /// <summary>A number that no other tensor has; 0 once disposed.</summary>
        public IntPtr Handle
        {
            get
            {
                Check();
                return handle;
            }
        }

        public bool IsInvalid => handle == 0;

        /// <summary>The elements' type.</summary>
        public ScalarType dtype => type;

        public Device device => CPU;

        public DeviceType device_type => DeviceType.CPU;

        public int device_index => -1;

        public bool is_cuda => false;

        public bool is_cpu() => true;

        public long[] shape => (long[])sizes.Clone();

        public long ndim => sizes.Length;

        public long Dimensions => sizes.Length;

        public long NumberOfElements => Count;

        public long ElementSize => Dtypes.Size(type);

        public long dim() => sizes.Length;

        public long[] size() => shape;

        public long size(int dim) => sizes[Shapes.Dim(dim, sizes.Length)];

        public long numel() => Count;

        public long element_size() => Dtypes.Size(type);

        public long[] stride() => (long[])strides.Clone();

        public long stride(int dim) => strides[Shapes.Dim(dim, sizes.Length)];

        public long storage_offset() => offset;

        public bool is_contiguous() => Shapes.IsContiguous(sizes, strides);

        public bool is_floating_point() => Dtypes.IsFloating(type);

        public bool is_integral() => is_integral(type);

        internal bool is_integral(ScalarType t) => torch.is_integral(t);

        internal long Count => Shapes.Numel(sizes);

        internal int Rank => sizes.Length;

        internal unsafe byte* Data
        {
            get
            {
                Check();
                return buffer!.Pointer + offset * Dtypes.Size(type);
            }
        }

        internal unsafe T* Ptr<T>() where T : unmanaged => (T*)Data;

        internal void Check()
        {
            if (handle == 0) throw new ObjectDisposedException(nameof(Tensor), "Tensor invalid -- empty handle.");
        }

        /// <summary>A new tensor of uninitialised memory, row-major.</summary>
        internal static Tensor Create(ReadOnlySpan<long> shape, ScalarType type, bool scoped = true)
        {
            foreach (long s in shape)
                if (s < 0) throw new System.Runtime.InteropServices.ExternalException($"Trying to create tensor with negative dimension {s}: [{Shapes.Text(shape)}]");
            long[] own = ShapeCache.Of(shape);
            var memory = TensorBuffer.Rent(Math.Max(1, Shapes.Numel(own)) * Dtypes.Size(type));
            return Make(memory, 0, own, Shapes.ContiguousStrides(own), type, scoped);
        }

        /// <summary>A new tensor of uninitialised memory, row-major, in the shape of <paramref name="x"/>; shapes are never written to, so they are shared.</summary>
        internal static Tensor Like(Tensor x, ScalarType type)
        {
            var memory = TensorBuffer.Rent(Math.Max(1, x.Count) * Dtypes.Size(type));
            return Make(memory, 0, x.sizes, x.is_contiguous() ? x.strides : Shapes.ContiguousStrides(x.sizes), type);
        }

        /// <summary>Another window on the same memory, outside the graph.</summary>
        internal Tensor Window(long newOffset, long[] newSizes, long[] newStrides, bool scoped = true)
        {
            Check();
            return Make(buffer!.Retain(), newOffset, newSizes, newStrides, type, scoped);
        }

        /// <summary>A result that lies in this tensor's memory in another shape; this tensor is let go and nobody sees a view.</summary>
        internal Tensor Result(long[] newSizes, long[] newStrides) => Make(buffer!.Retain(), 0, newSizes, newStrides, type);

        /// <summary>The same window, outside the graph and outside every scope; for what a backward pass keeps.</summary>
        internal Tensor Hidden() => Window(offset, sizes, strides, false);

        void Open()
        {
            handle = (nint)Interlocked.Increment(ref handles);
            long now = Interlocked.Increment(ref count);
            for (long seen = Volatile.Read(ref peak); now > seen;)
            {
                long found = Interlocked.CompareExchange(ref peak, now, seen);
                if (found == seen) break;
                seen = found;
            }
        }

        /// <summary>Gives back the memory, as soon as no view and no saved tensor needs it.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref handle, 0) == 0) return;
            Interlocked.Decrement(ref count);
            if (counted) DisposeScopeManager.Disposing(OwningDisposeScope);
            OwningDisposeScope?.Forget(this);
            OwningDisposeScope = null;
            gradient?.Dispose();
            gradient = null;
            Untie();
            buffer!.Release();
            buffer = null;
        }

        /// <summary>Hands the tensor to the scope around its own.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Hands the tensor to another scope.</summary>
        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            if (OwningDisposeScope is null) other.Attach((IDisposable)this);
            else OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        /// <summary>Takes the tensor out of its scope: it lives until it is disposed.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }
    }
}
