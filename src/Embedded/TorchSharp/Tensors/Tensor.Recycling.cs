namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The most objects that a thread keeps for their next tenants.</summary>
        const int MostIdle = 2048;

        [ThreadStatic]
        static Stack<Tensor>? idle;

        /// <summary>True for a leaf's gradient that a backward pass made and never showed to anyone.</summary>
        internal bool isPrivate;

        /// <summary>
        /// Disposes a tensor that nobody but the engine has ever had in hands, and keeps the object for the thread's next
        /// tensor. What a view, a graph or a class of its own may still refer to is disposed and no more.
        /// </summary>
        internal void Recycle()
        {
            bool free = handle != 0 && views == 0 && !wantsGradient && GetType() == typeof(Tensor);
            Dispose();
            Stack<Tensor> own = idle ??= new Stack<Tensor>();
            if (!free || own.Count >= MostIdle) return;
            sizes = strides = [];
            (standsFor, isConstant, isPrivate, counted) = (null, false, false, false);
            (viewOrigin, generation, scopeSlot) = (default, 0, 0);
            own.Push(this);
        }

        static Tensor? Recycled() => idle is not null && idle.TryPop(out Tensor? tensor) ? tensor : null;
    }
}
