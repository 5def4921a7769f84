using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Sums of products after Einstein: each operand's dimensions by letters, "..." for those that broadcast, behind "->" those of the result.</summary>
    public static Tensor einsum(string equation, params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(equation);
        if (tensors.Length == 0) throw new ExternalException("einsum(): must provide at least one operand");
        using DisposeScope scope = NewDisposeScope();
        return scope.MoveToOuter(Einstein.Run(equation, tensors));
    }

    /// <summary>Einstein's sums: every operand brought to one order of all labels, then multiplied pair by pair, batched matrix products where they do.</summary>
    static class Einstein
    {
        const char Rest = '.';

        public static Tensor Run(string equation, Tensor[] tensors)
        {
            string text = equation.Replace(" ", "", StringComparison.Ordinal);
            int arrow = text.IndexOf("->", StringComparison.Ordinal);
            string[] terms = (arrow < 0 ? text : text[..arrow]).Split(',');
            if (terms.Length > tensors.Length) throw new ExternalException("einsum(): fewer operands were provided than specified in the equation");
            if (terms.Length < tensors.Length) throw new ExternalException("einsum(): more operands were provided than specified in the equation");
            int rest = 0;
            var labels = new List<string>[terms.Length];
            for (int i = 0; i < terms.Length; i++)
            {
                labels[i] = Labels(terms[i], i);
                int named = labels[i].Count(l => l[0] != Rest);
                bool open = labels[i].Contains("...");
                if (open ? named > tensors[i].Rank : named != tensors[i].Rank)
                    throw new ExternalException($"einsum(): the number of subscripts in the equation ({named}) {(open ? "is more than" : "does not match")} the number of dimensions ({tensors[i].Rank}) for operand {i}{(open ? "" : " and no ellipsis was given")}");
                if (open) rest = Math.Max(rest, tensors[i].Rank - named);
            }
            for (int i = 0; i < terms.Length; i++) labels[i] = Opened(labels[i], tensors[i].Rank);
            List<string> result = arrow < 0 ? Implied(labels, rest) : Opened(Labels(text[(arrow + 2)..], -1), -1, rest);
            foreach (string l in result)
            {
                if (!labels.Any(o => o.Contains(l)) && l[0] != Rest) throw new ExternalException($"einsum(): output subscript {l} does not appear in the equation for any input operand");
                if (result.Count(x => x == l) > 1) throw new ExternalException($"einsum(): output subscript {l} appears more than once in the output");
            }
            return Combined(labels, tensors, result);
        }

        static Tensor Combined(List<string>[] labels, Tensor[] tensors, List<string> result)
        {
            List<string> all = [.. result];
            foreach (List<string> l in labels) all.AddRange(l.Where(x => !all.Contains(x)).Distinct());
            var sizes = new Dictionary<string, long>();
            Tensor[] parts = new Tensor[tensors.Length];
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i] = Diagonal(tensors[i], labels[i], i);
                for (int d = 0; d < labels[i].Count; d++)
                {
                    string l = labels[i][d];
                    long size = parts[i].sizes[d];
                    if (!sizes.TryGetValue(l, out long before) || before == 1) sizes[l] = size;
                    else if (size != 1 && size != before)
                        throw new ExternalException($"einsum(): subscript {l} has size {size} for operand {i} which does not broadcast with previously seen size {before}");
                }
                // Every label a dimension, of size 1 where the operand hasn't it.
                List<string> mine = labels[i];
                long[] order = all.Where(mine.Contains).Select(l => (long)mine.IndexOf(l)).ToArray();
                Tensor ordered = parts[i].permute(order);
                parts[i] = ordered.reshape(all.Select(l => mine.Contains(l) ? parts[i].sizes[mine.IndexOf(l)] : 1L).ToArray());
            }
            Tensor product = parts[0];
            for (int i = 1; i < parts.Length; i++)
            {
                // Labels that nobody needs any more are summed with this product.
                List<int> summed = [];
                for (int d = result.Count; d < all.Count; d++)
                    if (!parts.Skip(i + 1).Any(p => p.sizes[d] != 1)) summed.Add(d);
                product = Product(product, parts[i], summed);
            }
            long[] left = Enumerable.Range(result.Count, all.Count - result.Count).Select(d => (long)d).ToArray();
            if (parts.Length == 1 && left.Length > 0) product = product.sum(left, true);
            return product.reshape(product.sizes[..result.Count]);
        }

        /// <summary>a b over equal ranks, summed over the given dimensions (kept with size 1): one batched matrix product.</summary>
        static Tensor Product(Tensor a, Tensor b, List<int> summed)
        {
            List<long> batch = [], left = [], right = [], inner = [];
            for (int d = 0; d < a.Rank; d++)
            {
                bool inA = a.sizes[d] != 1, inB = b.sizes[d] != 1;
                if (summed.Contains(d) && inA && inB) inner.Add(d);
                else if (summed.Contains(d) && inA) a = a.sum(d, true);
                else if (summed.Contains(d) && inB) b = b.sum(d, true);
                if (inner.Contains(d)) continue;
                if (a.sizes[d] != 1 && b.sizes[d] != 1) batch.Add(d);
                else if (a.sizes[d] != 1) left.Add(d);
                else right.Add(d);
            }
            long[] shape = new long[a.Rank];
            for (int d = 0; d < shape.Length; d++) shape[d] = inner.Contains(d) ? 1 : Math.Max(a.sizes[d], b.sizes[d]);
            if (a.Count == 0 || b.Count == 0)
            {
                Tensor nothing = a.mul(b);
                return inner.Count > 0 ? nothing.sum([.. inner], true) : nothing;
            }
            long n = Size(a, batch), k = Size(a, inner);
            Tensor x = a.permute([.. batch, .. left, .. inner, .. right]).reshape(n, Size(a, left), k);
            Tensor y = b.permute([.. batch, .. inner, .. right, .. left]).reshape(n, k, Size(b, right));
            Tensor product = x.bmm(y).reshape([.. batch.Select(d => shape[d]), .. left.Select(d => shape[d]), .. right.Select(d => shape[d]), .. inner.Select(_ => 1L)]);
            long[] now = [.. batch, .. left, .. right, .. inner];
            return product.permute(Enumerable.Range(0, now.Length).Select(d => (long)Array.IndexOf(now, d)).ToArray());
        }

        static long Size(Tensor t, List<long> dims) => Shapes.Numel(dims.Select(d => t.sizes[d]).ToArray());

        /// <summary>An operand whose label comes twice becomes its diagonal; its labels lose the second.</summary>
        static Tensor Diagonal(Tensor x, List<string> labels, int operand)
        {
            for (int d = 0; d < labels.Count; d++)
            {
                int again = labels.IndexOf(labels[d], d + 1);
                if (again < 0) continue;
                if (x.sizes[d] != x.sizes[again])
                    throw new ExternalException($"einsum(): subscript {labels[d]} is repeated for operand {operand} but the sizes don't match, {x.sizes[again]} != {x.sizes[d]}");
                x = x.movedim([d, again], [x.Rank - 2, x.Rank - 1]).DiagonalCopy(0).movedim([x.Rank - 2], [d]);
                labels.RemoveAt(again);
                d--;
            }
            return x;
        }

        static List<string> Labels(string term, int operand)
        {
            var labels = new List<string>();
            for (int i = 0; i < term.Length; i++)
            {
                if (char.IsAsciiLetter(term[i])) labels.Add(term[i].ToString());
                else if (term[i] == Rest && i + 2 < term.Length && term[i + 1] == Rest && term[i + 2] == Rest)
                {
                    string place = operand < 0 ? "the output" : "operand " + operand;
                    if (labels.Contains("...")) throw new ExternalException($"einsum(): found '.' for {place} for which an ellipsis was already found");
                    labels.Add("...");
                    i += 2;
                }
                else if (term[i] == Rest) throw new ExternalException($"einsum(): found '.' for {(operand < 0 ? "output" : "operand " + operand)} that is not part of any ellipsis");
                else throw new ExternalException($"einsum(): invalid subscript given at index {i} in the equation string, subscripts must be in [a-zA-Z]");
            }
            return labels;
        }

        /// <summary>"..." replaced by labels of its own, counted from the last so that shorter ones broadcast.</summary>
        static List<string> Opened(List<string> labels, int rank, int rest = -1)
        {
            int at = labels.IndexOf("...");
            if (at < 0) return labels;
            int count = rest >= 0 ? rest : rank - (labels.Count - 1);
            return [.. labels[..at], .. Enumerable.Range(0, count).Select(i => $".{count - i}"), .. labels[(at + 1)..]];
        }

        /// <summary>Without an arrow: what broadcasts, then the labels that come once, in the alphabet's order.</summary>
        static List<string> Implied(List<string>[] labels, int rest) =>
        [
            .. Enumerable.Range(0, rest).Select(i => $".{rest - i}"),
            .. labels.SelectMany(l => l).Where(l => l[0] != Rest).GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key).Order(StringComparer.Ordinal),
        ];
    }
}
