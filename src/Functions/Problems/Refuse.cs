using System.Globalization;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Pipeline.Problems;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Problems;

/// <summary>The reasons for which the API refuses requests, each with its status and its own problem type.</summary>
internal static class Refuse
{
    public static ApiException UnknownJob(string id) =>
        Of("unknown-job", "There is no such job", StatusCodes.Status404NotFound, $"There is no job {id}; GET /api/jobs lists them.");

    public static ApiException UnknownSchedule(string name) => Of(
        "unknown-schedule", "There is no such schedule", StatusCodes.Status404NotFound,
        $"There is no schedule {name}; GET /api/schedules lists them.");

    public static ApiException UnknownWebhook(string id) => Of(
        "unknown-webhook", "There is no such webhook", StatusCodes.Status404NotFound,
        $"There is no webhook {id}; GET /api/webhooks lists them.");

    public static ApiException UnknownDelivery(string id) => Of(
        "unknown-delivery", "There is no such delivery", StatusCodes.Status404NotFound,
        $"The webhook has no delivery {id}; GET /api/webhooks/{{id}}/deliveries lists them.");

    public static ApiException UnknownFile(string path) => Of(
        "unknown-file", "There is no such file", StatusCodes.Status404NotFound,
        $"There is no file {path}; GET /api/files?prefix= lists them.");

    public static ApiException UnknownModel(string name) => Of(
        "unknown-model", "There is no such model", StatusCodes.Status404NotFound,
        $"The registry has no model {name}; GET /api/models lists them.");

    public static ApiException NoKey(string detail) => new(
        new ApiProblem(Type("invalid-api-key"), "The access key is missing or wrong", StatusCodes.Status401Unauthorized, detail));

    /// <summary>403: the caller's role may not.</summary>
    public static ApiException NotAllowed(KeyRole has, KeyRole needed) => Of(
        "not-allowed", "The key's role may not do that", StatusCodes.Status403Forbidden,
        $"Your key's role is {EnumText.Of(has)}; this needs {EnumText.Of(needed)}. Ask an admin of your tenant for such a key.");

    /// <summary>403: a token that is good gives no right here.</summary>
    public static ApiException NoRole(string detail) =>
        Of("not-allowed", "The token gives no right here", StatusCodes.Status403Forbidden, detail);

    /// <summary>403: quotas are set by whoever runs the pipeline.</summary>
    public static ApiException QuotasOfOthers() => Of(
        "not-allowed", "Quotas are set by admins of the default tenant", StatusCodes.Status403Forbidden,
        "Your key is of another tenant than the default one; ask whoever runs the pipeline.");

    /// <summary>404: no such tenant.</summary>
    public static ApiException UnknownTenant(string name) => Of(
        "unknown-tenant", "There is no such tenant", StatusCodes.Status404NotFound,
        $"There is no tenant {name}, or it is another than your key's.");

    /// <summary>429: in time there is room again; 403: only once some of what is there is gone.</summary>
    public static ApiException Quota(QuotaExceededException e) => e.Kind == QuotaKind.Items
        ? Of("quota-exceeded", "The tenant has as many items queued as it may", StatusCodes.Status429TooManyRequests, e.Message)
        : Of("quota-exceeded", "The tenant has as many bytes of files as it may", StatusCodes.Status403Forbidden, e.Message);

    /// <summary>411: where bytes are counted, a file says its length.</summary>
    public static ApiException NoLength() => Of(
        "no-length", "The body's length isn't told", StatusCodes.Status411LengthRequired,
        "The tenant has a quota of bytes: send the header Content-Length. Nothing was stored.");

    /// <summary>404: no such key.</summary>
    public static ApiException UnknownKey(string id) =>
        Of("unknown-key", "There is no such key", StatusCodes.Status404NotFound, $"There is no key {id}; GET /api/keys lists them.");

    /// <summary>What the OpenAI-shaped door refuses, in that API's own words.</summary>
    public static ApiException Of(RequestRefusal refusal) =>
        new(new ApiProblem(Type("refused"), "The request is refused", refusal.Status, refusal.Error.Message)) { OpenAi = refusal.Error };

    public static ApiException UnknownPoison(string id) => Of(
        "unknown-poison", "There is no such row on the poison list", StatusCodes.Status404NotFound,
        $"The poison list has no row {id}, or it was dealt with already; GET /api/poison shows it.");

    public static ApiException UnknownRoute(string path) => Of(
        "unknown-route", "There is no such path", StatusCodes.Status404NotFound,
        $"The API has no path {path}; GET /api/openapi.json lists those that it has.");

    public static ApiException WrongMethod(string method, string path, IReadOnlyList<string> allowed) => new(new ApiProblem(
        Type("wrong-method"), "The path doesn't take this method", StatusCodes.Status405MethodNotAllowed,
        $"{path} doesn't take {method}, but {string.Join(", ", allowed)}."))
    { Allow = allowed };

    public static ApiException BadManifest(IEnumerable<Problem> problems)
    {
        IReadOnlyList<ApiError> errors = Errors(problems);
        return new(
            new ApiProblem(Type("bad-manifest"), "The manifest has problems", StatusCodes.Status400BadRequest,
                errors.Count == 1 ? errors[0].Message : $"{errors.Count} problems; nothing was stored.")
            { Errors = errors });
    }

    public static ApiException BadSchedule(IReadOnlyList<Problem> problems) => new(
        new ApiProblem(
            Type("bad-schedule"), "The schedule has problems", StatusCodes.Status400BadRequest,
            problems.Count == 1 ? problems[0].Message : $"{problems.Count} problems; nothing was stored.")
        {
            Errors = Errors(problems),
        });

    public static ApiException BadBody(string pointer, string message) => new(
        new ApiProblem(Type("bad-body"), "The body has problems", StatusCodes.Status400BadRequest, message)
        {
            Errors = [new ApiError("body", pointer, null, null, message)],
        });

    public static ApiException BadParameter(string name, string detail) =>
        new(new ApiProblem(Type("bad-parameter"), $"The parameter {name} is wrong", StatusCodes.Status400BadRequest, detail))
        {
            Parameter =
            name
        };

    public static ApiException BadPath(string detail) => Of("bad-path", "The path can't be used", StatusCodes.Status400BadRequest, detail);

    public static ApiException TooLarge(long limit) => Of("too-large", "The body is too large", StatusCodes.Status413PayloadTooLarge,
        string.Create(
            CultureInfo.InvariantCulture, $"The body is larger than {limit} bytes, the most that is taken here; nothing was stored."));

    public static ApiException MediaType(string? given, string wanted) =>
        Of("media-type", "The content type isn't taken", StatusCodes.Status415UnsupportedMediaType,
        $"The content type is {(string.IsNullOrEmpty(given) ? "missing" : given)}; send {wanted}.");

    public static ApiException Conflict(string word, string title, string detail) => Of(word, title, StatusCodes.Status409Conflict, detail);

    public static ApiException Precondition(string detail) =>
        Of("precondition", "The condition isn't met", StatusCodes.Status412PreconditionFailed, detail);

    public static ApiException Range(string detail) =>
        Of("range", "The range isn't there", StatusCodes.Status416RangeNotSatisfiable, detail);

    public static ApiException Unavailable(string detail) => new(
        new ApiProblem(Type("unavailable"), "A service is away", StatusCodes.Status503ServiceUnavailable, detail))
    {
        RetryAfter = 5,
    };

    public static ApiException StorageFull(string detail) =>
        Of("storage-full", "The storage is full", StatusCodes.Status507InsufficientStorage, $"{detail} Nothing was stored.");

    public static ApiException StorageDenied(string detail) =>
        Of("storage-denied", "The storage refuses the server", StatusCodes.Status500InternalServerError, detail);

    public static ApiException CalledOff() =>
        new(new ApiProblem(Type("called-off"), "The request was called off", StatusCodes.Status503ServiceUnavailable,
        "The server stops, or the request took longer than it may; try again."))
        { RetryAfter = 5 };

    /// <summary>A problem type's URI.</summary>
    public static string Type(string word) => "urn:diffusionbatch:problem:" + word;

    static ApiException Of(string word, string title, int status, string detail) => new(new ApiProblem(Type(word), title, status, detail));

    /// <summary>Problems as the API tells them.</summary>
    public static IReadOnlyList<ApiError> Errors(IEnumerable<Problem> problems) =>
        [.. problems.Select(p => new ApiError(p.File, p.Pointer, p.Line, p.Column, p.Message))];
}

/// <summary>A request that can't be met; it becomes a problem document.</summary>
/// <param name="problem">The document.</param>
public sealed class ApiException(ApiProblem problem) : Exception(problem.Detail)
{
    /// <summary>The document.</summary>
    public ApiProblem Problem { get; } = problem;

    /// <summary>How many seconds later the same request may succeed, or null.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The parameter that is meant, or null.</summary>
    public string? Parameter { get; init; }

    /// <summary>The problem as the OpenAI-shaped door has it, or null: as it follows from the document.</summary>
    public OpenAiErrorBody? OpenAi { get; init; }

    /// <summary>The methods that the path takes, or null: the method isn't the matter.</summary>
    public IReadOnlyList<string>? Allow { get; init; }
}
