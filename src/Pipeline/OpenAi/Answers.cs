using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.OpenAi;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>One choice of an answer: a line of a job's results.</summary>
/// <param name="Result">The line; it has no error.</param>
/// <param name="Steps">The steps that it was sampled with.</param>
/// <param name="Asked">Whether the request says how long the answer is to be.</param>
internal sealed record Choice(JsonElement Result, int Steps, bool Asked)
{
    /// <summary>Its tokens, with what stands behind an end token.</summary>
    public long Length => Result.GetProperty("length").GetInt64();

    /// <summary>The tokens of the prompt.</summary>
    public long PromptTokens => Result.GetProperty("usage").GetProperty("promptTokens").GetInt64();

    /// <summary>Its forward passes.</summary>
    public long Nfe => Result.GetProperty("nfe").GetInt64();

    /// <summary>Its score.</summary>
    public double Score => Result.GetProperty("score").GetDouble();

    /// <summary>Its text; empty where the model has no tokenizer.</summary>
    public string Text => Result.GetProperty("text").GetString() ?? "";

    /// <summary>Its ids, where the result has them.</summary>
    public JsonNode? Ids => Result.TryGetProperty("ids", out JsonElement ids) ? JsonNode.Parse(ids.GetRawText()) : null;

    /// <summary><c>length</c> where it was as long as it might be, and <c>stop</c> where it ended by itself.</summary>
    public string FinishReason => Asked && Result.GetProperty("usage").GetProperty("textTokens").GetInt64() == Length ? "length" : "stop";

    /// <summary>What diffusion has to say of it.</summary>
    public JsonObject Diffusion() =>
        new() { ["nfe"] = Nfe, ["steps"] = Steps, ["score"] = JsonNode.Parse(Result.GetProperty("score").GetRawText()) };
}

/// <summary>The lines of a batch's files: <c>{"id","custom_id","response":{"status_code","request_id","body"},"error"}</c>.</summary>
/// <param name="batch">The batch's id.</param>
/// <param name="endpoint">Its endpoint.</param>
/// <param name="created">When it was accepted, in seconds since 1970.</param>
internal sealed class Answers(string batch, string endpoint, long created)
{
    static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line of a request that was answered.</summary>
    /// <param name="request">The request.</param>
    /// <param name="choices">Its answers, at least one.</param>
    public string Answered(PlannedRequest request, IReadOnlyList<Choice> choices)
    {
        bool chat = endpoint == Endpoints.Chat;
        long prompt = choices[0].PromptTokens, completion = choices.Sum(c => c.Length);
        JsonObject diffusion = choices[0].Diffusion();
        if (choices.Count > 1)
        {
            diffusion["nfe"] = choices.Sum(c => c.Nfe);
            diffusion["score"] = choices.Average(c => c.Score);
        }
        return Line(request.Id, 200, new JsonObject
        {
            ["id"] = (chat ? "chatcmpl-" : "cmpl-") + BatchNames.Request(batch, request.Id),
            ["object"] = chat ? "chat.completion" : "text_completion",
            ["created"] = created,
            ["model"] = request.Model,
            ["choices"] = new JsonArray([.. choices.Select((choice, index) => One(choice, index, chat, choices.Count > 1))]),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = prompt,
                ["completion_tokens"] = completion,
                ["total_tokens"] = prompt + completion
            },
            ["diffusion"] = diffusion,
        });
    }

    /// <summary>The line of a request that was refused.</summary>
    public string Refused(string customId, RequestRefusal refusal) =>
        Line(customId, refusal.Status,
            JsonSerializer.SerializeToNode(new OpenAiError(refusal.Error), OpenAiJson.Default.OpenAiError)!.AsObject());

    /// <summary>The line of a request that nothing was done for.</summary>
    public string Unanswered(string customId, string code, string message) => new JsonObject
    {
        ["id"] = "batch_req_" + BatchNames.Request(batch, customId),
        ["custom_id"] = customId,
        ["response"] = null,
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message },
    }.ToJsonString(s_json);

    /// <summary>Why a result's error refuses its request.</summary>
    public static RequestRefusal Of(ItemError error) => error.Code switch
    {
        ItemError.TooLong => RequestRefusal.Invalid(error.Message, null, "context_length_exceeded"),
        ItemError.EmptySource => RequestRefusal.Invalid(error.Message, null, "empty_prompt"),
        ItemError.NoLength => RequestRefusal.Invalid(error.Message + " Give 'max_tokens'.", "max_tokens", "missing_required_parameter"),
        _ => RequestRefusal.Invalid(error.Message, null, JsonNamingPolicy.SnakeCaseLower.ConvertName(error.Code)),
    };

    string Line(string customId, int status, JsonObject body)
    {
        string request = BatchNames.Request(batch, customId);
        return new JsonObject
        {
            ["id"] = "batch_req_" + request,
            ["custom_id"] = customId,
            ["response"] = new JsonObject { ["status_code"] = status, ["request_id"] = "req_" + request, ["body"] = body },
            ["error"] = null,
        }.ToJsonString(s_json);
    }

    static JsonObject One(Choice choice, int index, bool chat, bool several)
    {
        var one = new JsonObject { ["index"] = index };
        if (chat) one["message"] = new JsonObject { ["role"] = "assistant", ["content"] = choice.Text, ["refusal"] = null };
        else one["text"] = choice.Text;
        one["logprobs"] = null;
        one["finish_reason"] = choice.FinishReason;
        if (choice.Ids is { } ids) one["token_ids"] = ids;
        if (several) one["diffusion"] = choice.Diffusion();
        return one;
    }
}
