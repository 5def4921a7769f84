using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The tensor that this one is a view of, never itself a view; null for a tensor that is none.</summary>
        internal Tensor? viewBase;

        internal ViewOrigin viewOrigin;

        /// <summary>On a base, how often its place in the graph was replaced by a write; on a view, as of when its own place holds.</summary>
        int generation;

        /// <summary>On a base, its views: while there are any, its place in the graph outlives its handle.</summary>
        int views;

        /// <summary>The leaf whose window this is, to which its gradient goes.</summary>
        internal Tensor? standsFor;

        /// <summary>True for a gradient that depends on nothing.</summary>
        internal bool isConstant;

        bool wantsGradient;
        Node? place;

        /// <summary>Whether a gradient is wanted; for a view of a tensor that was written to since, as that tensor.</summary>
        internal bool requiresGrad
        {
            get
            {
                if (viewBase is not null) Follow(viewBase);
                return wantsGradient;
            }
            set => wantsGradient = value;
        }

        /// <summary>The operation that made this tensor, as it is now.</summary>
        internal Node? gradNode
        {
            get
            {
                if (viewBase is not null) Follow(viewBase);
                return place;
            }
        }

        /// <summary>A view that a recorded operation gives; <paramref name="rule"/> takes the view's gradient to this tensor's, with <paramref name="state"/> at hand.</summary>
        internal Tensor View(long newOffset, long[] newSizes, long[] newStrides, string name, BackwardRule rule, ViewOrigin origin = ViewOrigin.Recorded, object? state = null)
        {
            Tensor result = Window(newOffset, newSizes, newStrides);
            if (!GradMode.Inference) result.Tie(this, GradMode.Enabled ? origin : ViewOrigin.NoGrad);
            if (Tape.Records(this)) result.SetPlace(new Node(name, rule, [this], [], result, state));
            return result;
        }

        /// <summary>Puts the tensor at a node of the graph, whose reference it takes over.</summary>
        internal void SetPlace(Node node)
        {
            if (place?.Retaining is { } weak && weak.TryGetTarget(out Tensor? keeper) && ReferenceEquals(keeper, this))
            {
                node.Retaining = weak;
                place.Retaining = null;
            }
            place?.Release();
            place = node;
            wantsGradient = true;
            if (viewBase is { } root) generation = root.generation;
            else if (views > 0) generation++;
        }

        /// <summary>Leaves the graph.</summary>
        internal void ClearPlace()
        {
            place?.Release();
            place = null;
        }

        /// <summary>True when the base of this view, or the tensor itself, is a leaf that wants a gradient.</summary>
        internal bool IsOnLeaf => viewBase is { } root ? root.wantsGradient && root.place is null : wantsGradient && place is null;

        /// <summary>The same elements at a place of the graph.</summary>
        internal Tensor At(Edge edge, bool scoped = true)
        {
            Tensor result = Window(offset, sizes, strides, scoped);
            if (edge.Node is { } node) result.SetPlace(node.Retain());
            else (result.standsFor, result.wantsGradient) = (edge.Leaf, true);
            return result;
        }

        /// <summary>The same elements outside every scope, at this tensor's place in the graph while operations are recorded.</summary>
        internal Tensor Twin() => Tape.Records(this) ? At(GraphPlace, false) : Hidden();

        /// <summary>Where this tensor's gradient goes.</summary>
        internal Edge GraphPlace => gradNode is { } node ? new Edge(node) : new Edge(standsFor ?? this);

        void Tie(Tensor source, ViewOrigin origin)
        {
            Tensor root = source.viewBase ?? source;
            viewBase = root;
            viewOrigin = source.viewBase is not null && source.viewOrigin != ViewOrigin.Recorded ? source.viewOrigin : origin;
            generation = root.generation;
            Interlocked.Increment(ref root.views);
        }

        void Untie()
        {
            if (viewBase is not { } root)
            {
                if (Volatile.Read(ref views) == 0) ClearPlace();
                return;
            }
            ClearPlace();
            viewBase = null;
            if (Interlocked.Decrement(ref root.views) == 0 && root.handle == 0) root.ClearPlace();
        }

        /// <summary>The base was written to since: this view's place is now behind the base's new one.</summary>
        void Follow(Tensor root)
        {
            if (generation != root.generation && root.place is not null) Catch(root);
        }

        // Apart, so that asking costs no closure.
        void Catch(Tensor root)
        {
            (long[] size, long[] step, long at) = (sizes, strides, offset);
            (long[] rootSize, long[] rootStep, long rootAt) = (root.sizes, root.strides, root.offset);
            SetPlace(new Node("AsStridedBackward", (_, g) => [Tape.Unstrided(g, size, step, at, rootSize, rootStep, rootAt)], [root], [], this));
        }
    }
}
