using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Attention of several heads (Vaswani et al. 2017): query (L, N, E), key (S, N, kdim), value (S, N, vdim); the result is
/// (L, N, E) with the weights averaged over the heads (N, L, S).
/// </summary>
public sealed class MultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>>
{
    readonly long embed, heads;
    readonly double dropout;
    readonly bool zeroAttention;
    readonly Parameter? together, separateQ, separateK, separateV, bias, biasK, biasV;
    readonly Linear output;

    internal MultiheadAttention(long embed, long heads, double dropout, bool hasBias, bool addBias, bool zeroAttention, long? kdim, long? vdim) : base(nameof(MultiheadAttention))
    {
        componentsRegistered = true;
        if (embed % heads != 0) throw new ExternalException("embed_dim must be divisible by num_heads");
        (this.embed, this.heads, this.dropout, this.zeroAttention) = (embed, heads, dropout, zeroAttention);
        long k = kdim ?? embed, v = vdim ?? embed;
        if (k == embed && v == embed) together = Xavier("in_proj_weight", 3 * embed, embed);
        else
        {
            separateQ = Xavier("q_proj_weight", embed, embed);
            separateK = Xavier("k_proj_weight", embed, k);
            separateV = Xavier("v_proj_weight", embed, v);
        }
        output = nn.Linear(embed, embed, hasBias);
        if (hasBias)
        {
            bias = new Parameter(zeros(3 * embed));
            register_parameter("in_proj_bias", bias);
            nn.init.zeros_(output.bias!);
        }
        register_module("out_proj", output);
        if (!addBias) return;
        biasK = new Parameter(empty(1, 1, embed));
        biasV = new Parameter(empty(1, 1, embed));
        register_parameter("bias_k", nn.init.xavier_normal_(biasK) as Parameter ?? biasK);
        register_parameter("bias_v", nn.init.xavier_normal_(biasV) as Parameter ?? biasV);
    }

    Parameter Xavier(string name, long rows, long columns)
    {
        var weight = new Parameter(empty(rows, columns));
        nn.init.xavier_uniform_(weight);
        register_parameter(name, weight);
        return weight;
    }

    /// <summary>
    /// <paramref name="key_padding_mask"/> (N, S) hides keys where it is true; <paramref name="attn_mask"/>, (L, S) or
    /// (N heads, L, S), hides pairs where it is true, or is added to the scores.
    /// </summary>
    public new Tuple<Tensor, Tensor> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
        base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

    public override Tuple<Tensor, Tensor> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
    {
        if (query.Rank != 3 || key.Rank != 3 || value.Rank != 3) throw new ExternalException($"query, key and value should have 3 dimensions, but got {query.Rank}, {key.Rank} and {value.Rank}");
        if (query.sizes[2] != embed) throw new ExternalException($"was expecting embedding dimension of {embed}, but got {query.sizes[2]}");
        using DisposeScope scope = NewDisposeScope();
        long length = query.sizes[0], batch = query.sizes[1];
        (Tensor q, Tensor k, Tensor v) = Project(query, key, value);
        Tensor? mask = HeadMask(attn_mask, batch, length, key.sizes[0], q.type);
        Tensor? hidden = key_padding_mask is null ? null : PaddingMask(key_padding_mask, batch, key.sizes[0]);
        if (biasK is not null)
        {
            k = cat([k, biasK.expand(1, batch, embed)]);
            v = cat([v, biasV!.expand(1, batch, embed)]);
        }
        if (zeroAttention)
        {
            k = cat([k, zeros([1, batch, embed], k.type)]);
            v = cat([v, zeros([1, batch, embed], v.type)]);
        }
        long extra = k.sizes[0] - key.sizes[0];
        if (extra > 0)
        {
            if (mask is not null) mask = nn.functional.pad(mask.type == ScalarType.Bool ? mask.to_type(ScalarType.Byte) : mask, (0, extra)).to_type(mask.type);
            if (hidden is not null) hidden = nn.functional.pad(hidden.type == ScalarType.Bool ? hidden.to_type(ScalarType.Byte) : hidden, (0, extra)).to_type(hidden.type);
        }
        Tensor? all = Join(mask, hidden, q.type);
        Tensor mixed = Attend(Heads(q), Heads(k), Heads(v), all, need_weights, out Tensor? weights); // (N, H, L, d)
        Tensor joined = mixed.permute(2, 0, 1, 3).reshape(length, batch, embed);
        Tensor result = output.call(joined).MoveToOuterDisposeScope();
        return new Tuple<Tensor, Tensor>(result, weights?.MoveToOuterDisposeScope()!);
    }

    (Tensor, Tensor, Tensor) Project(Tensor query, Tensor key, Tensor value)
    {
        if (together is not null && ReferenceEquals(query, key) && ReferenceEquals(key, value))
        {
            Tensor all = nn.functional.linear(query, together, bias);
            return (all.narrow(2, 0, embed), all.narrow(2, embed, embed), all.narrow(2, 2 * embed, embed));
        }
        return (One(query, separateQ, 0), One(key, separateK, 1), One(value, separateV, 2));

        Tensor One(Tensor x, Parameter? own, int part) =>
            nn.functional.linear(x, own ?? together!.narrow(0, part * embed, embed), bias?.narrow(0, part * embed, embed));
    }

    /// <summary>(L, N, E) as (N, H, L, d).</summary>
    Tensor Heads(Tensor x) => x.reshape(x.sizes[0], x.sizes[1], heads, embed / heads).permute(1, 2, 0, 3);

    Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor? mask, bool need, out Tensor? weights)
    {
        weights = null;
        double p = training ? dropout : 0;
        if (!need) return nn.functional.scaled_dot_product_attention(q, k, v, mask is { type: ScalarType.Bool } ? mask.logical_not() : mask, p);
        Tensor scores = q.mul(1 / Math.Sqrt(q.sizes[^1])).matmul(k.mT);
        if (mask is { type: ScalarType.Bool }) scores = scores.masked_fill(mask, double.NegativeInfinity);
        else if (mask is not null) scores = scores.add(mask);
        Tensor shares = nn.functional.dropout(scores.softmax(-1), p, training);
        weights = shares.mean([1L]);
        return shares.matmul(v);
    }

    /// <summary>A mask that lets broadcast to (N, H, L, S).</summary>
    Tensor? HeadMask(Tensor? mask, long batch, long length, long keys, ScalarType type)
    {
        if (mask is null) return null;
        if (!Dtypes.IsFloating(mask.type) && mask.type is not (ScalarType.Bool or ScalarType.Byte))
            throw new ExternalException($"Only float, byte, and bool types are supported for attn_mask, not {Names.Of(mask.type)}");
        if (mask.type == ScalarType.Byte) mask = mask.ne(0L);
        else if (mask.type != ScalarType.Bool) mask = mask.to_type(type);
        if (mask.Rank == 2)
        {
            if (mask.sizes[0] != length || mask.sizes[1] != keys) throw new ExternalException("The size of the 2D attn_mask is not correct.");
            return mask.unsqueeze(0).unsqueeze(0);
        }
        if (mask.Rank != 3) throw new ExternalException($"attn_mask's dimension {mask.Rank} is not supported");
        if (mask.sizes[0] != batch * heads || mask.sizes[1] != length || mask.sizes[2] != keys) throw new ExternalException("The size of the 3D attn_mask is not correct.");
        return mask.view(batch, heads, length, keys);
    }

    static Tensor PaddingMask(Tensor mask, long batch, long keys)
    {
        if (mask.Rank != 2 || mask.sizes[0] != batch || mask.sizes[1] != keys) throw new ExternalException($"expected key_padding_mask of size [{batch}, {keys}] but got [{Shapes.Text(mask.sizes)}]");
        return (mask.type == ScalarType.Byte ? mask.ne(0L) : mask).unsqueeze(1).unsqueeze(1);
    }

    /// <summary>Both masks as one: of bool where both are, of numbers to add otherwise.</summary>
    static Tensor? Join(Tensor? a, Tensor? b, ScalarType type)
    {
        if (a is null || b is null) return a ?? b;
        return a.type == ScalarType.Bool && b.type == ScalarType.Bool ? a.logical_or(b) : Number(a).add(Number(b));

        Tensor Number(Tensor m) => m.type == ScalarType.Bool ? zeros(m.sizes, type).masked_fill(m, double.NegativeInfinity) : m;
    }
}
