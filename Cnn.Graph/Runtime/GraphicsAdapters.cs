using System.Runtime.InteropServices;

namespace Cnn.Graph.Runtime;

/// <summary>The graphics adapters of a Windows machine in the order of DXGI, which is how DirectML numbers them.</summary>
internal static class GraphicsAdapters
{
    // Slots in the tables of methods, as the interfaces IDXGIFactory1 and IDXGIAdapter1 lay them down.
    private const int EnumAdapters1Slot = 12;
    private const int GetDesc1Slot = 10;

    /// <summary>The size of DXGI_ADAPTER_DESC1, which begins with the name.</summary>
    private const int DescriptionSize = 312;

    private static readonly Guid Factory1 = new("770aae78-f26f-4dba-a829-253c83d1b387");

    [UnmanagedFunctionPointer(CallingConvention.StdCall)]
    private delegate int CreateFactory(in Guid type, out nint factory);

    [UnmanagedFunctionPointer(CallingConvention.StdCall)]
    private delegate int EnumAdapters1(nint factory, uint index, out nint adapter);

    [UnmanagedFunctionPointer(CallingConvention.StdCall)]
    private delegate int GetDesc1(nint adapter, nint description);

    /// <summary>The adapters' names; none where there is no DXGI.</summary>
    public static IReadOnlyList<string> Names()
    {
        if (!OperatingSystem.IsWindows()
            || !NativeLibrary.TryLoad("dxgi.dll", typeof(GraphicsAdapters).Assembly, DllImportSearchPath.System32, out nint dxgi)
            || Marshal.GetDelegateForFunctionPointer<CreateFactory>(NativeLibrary.GetExport(dxgi, "CreateDXGIFactory1"))(Factory1, out nint factory) < 0)
        {
            return [];
        }

        var names = new List<string>();
        var enumerate = Method<EnumAdapters1>(factory, EnumAdapters1Slot);
        nint description = Marshal.AllocHGlobal(DescriptionSize);
        while (enumerate(factory, (uint)names.Count, out nint adapter) >= 0)
        {
            bool isKnown = Method<GetDesc1>(adapter, GetDesc1Slot)(adapter, description) >= 0;
            names.Add(isKnown ? Marshal.PtrToStringUni(description)! : "unknown");
            Marshal.Release(adapter);
        }

        Marshal.FreeHGlobal(description);
        Marshal.Release(factory);
        return names;
    }

    private static T Method<T>(nint instance, int slot)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(Marshal.ReadIntPtr(Marshal.ReadIntPtr(instance), slot * nint.Size));
}
