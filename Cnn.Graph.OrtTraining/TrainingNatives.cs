using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.OrtTraining;

/// <summary>
/// Looks at the native library before the binding does, which trusts that its own version is there: beside an older one it reads functions
/// that are not, and that ends the process.
/// </summary>
internal static class TrainingNatives
{
    /// <summary>The version of the C interface that every library has that can train with these artifacts: that of 1.17.</summary>
    private const uint ApiVersion = 17;

    /// <summary>The first release that has what the binding of 1.20 and all later ones ask for.</summary>
    private static readonly Version FirstOfNewer = new(1, 20);

    /// <summary>What an application must reference, and why not more.</summary>
    public const string Advice =
        "Reference the packages Microsoft.ML.OnnxRuntime.Training 1.19.2 and Microsoft.ML.OnnxRuntime.Managed 1.19.2 in the application, " +
        "and neither Microsoft.ML.OnnxRuntime nor Microsoft.ML.OnnxRuntime.DirectML: all native libraries have the same file name, " +
        "so that only one of them can lie in an output folder.";

    [UnmanagedFunctionPointer(CallingConvention.Winapi)]
    private delegate nint GetApi(uint version);

    [UnmanagedFunctionPointer(CallingConvention.Winapi)]
    private delegate nint GetVersion();

    /// <exception cref="CnnGraphException">
    /// There is no native library, it cannot train, or the binding beside it is too new for it; the message says how to mend it.
    /// </exception>
    public static void Require()
    {
        (string version, bool canTrain) = Look();
        if (Fault(version, canTrain, isNewBinding: typeof(OrtApi).GetField("CreateLoraAdapter") is not null) is { } fault)
        {
            throw new CnnGraphException($"{fault} {Advice}");
        }
    }

    /// <param name="version">The version of the native library.</param>
    /// <param name="canTrain">Whether it was built with training.</param>
    /// <param name="isNewBinding">Whether the binding is of <see cref="FirstOfNewer"/> or later.</param>
    /// <returns>What is wrong; null where nothing is.</returns>
    public static string? Fault(string version, bool canTrain, bool isNewBinding)
    {
        if (isNewBinding && Version.TryParse(version, out Version? natives) && natives < FirstOfNewer)
        {
            return $"The native library is ONNX Runtime {version}, but the C# binding (Microsoft.ML.OnnxRuntime.dll) is of " +
                $"{FirstOfNewer} or newer and needs functions that it lacks.";
        }

        return canTrain ? null : $"The native library of ONNX Runtime {version} that was loaded was built without training.";
    }

    private static (string Version, bool CanTrain) Look()
    {
        try
        {
            nint root = OrtGetApiBase();
            nint api = FunctionAt<GetApi>(root, 0)(ApiVersion);
            string version = Marshal.PtrToStringUTF8(FunctionAt<GetVersion>(root, nint.Size)()) ?? string.Empty;
            nint training = api == 0 ? 0 : FunctionAt<GetApi>(api, Marshal.OffsetOf<OrtApi>(nameof(OrtApi.GetTrainingApi)))(ApiVersion);
            return (version, training != 0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new CnnGraphException($"No native library of ONNX Runtime can be loaded. {Advice}", e);
        }
    }

    private static T FunctionAt<T>(nint table, nint offset)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(Marshal.ReadIntPtr(table + offset));

    [DllImport("onnxruntime", CallingConvention = CallingConvention.Winapi)]
    private static extern nint OrtGetApiBase();
}
